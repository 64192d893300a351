// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Starts agents, always with the same options; not thread-safe. */
public final class AgentLauncher {
  /**
   * The shipped options of the Java machine: what is measured is what runs. A serial collector and
   * small stacks, because an agent is one scoring thread a tag and a few that sleep; a fixed heap,
   * because all that grows with load is bounded. The first compiler only: the second one's arenas
   * cost more memory than its code saves time here (see {@code bench/README.md}). Memory that the
   * compiler gave back goes back to the kernel. UTF-8 because services start without a locale.
   */
  public static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms16m",
          "-Xmx48m",
          "-Xss512k",
          "-XX:TieredStopAtLevel=1",
          // what is left of a process that ran out of memory is not to be trusted: it is started
          // again
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:ReservedCodeCacheSize=16m",
          "-Xshare:auto",
          // drain and scoring threads ask for the highest priority, and this makes it one
          "-XX:ThreadPriorityPolicy=1",
          // known from Java 17.0.9 on; an older one ignores it
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:TrimNativeHeapInterval=5000",
          "-Dfile.encoding=UTF-8",
          "-Dorg.slf4j.simpleLogger.showDateTime=true",
          "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
          "-Dorg.slf4j.simpleLogger.showShortLogName=true");

  // Learning holds the whole recording, and happens on the host or once in a while.
  private static final String ONE_SHOT_HEAP = "-Xmx1g";

  /** Name of the supervisor's script. */
  public static final String SUPERVISOR = "supervise.sh";

  private final AgentHome home;
  private final Path runtime;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private Duration deadline = Duration.ofSeconds(60);

  /**
   * Nothing is started yet.
   *
   * @param home the agent's folder; made when needed
   * @param runtime the executable jar
   */
  public AgentLauncher(AgentHome home, Path runtime) {
    this.home = Objects.requireNonNull(home, "home");
    this.runtime = runtime.toAbsolutePath();
  }

  /** Adds an option of the Java machine after {@link #JVM_OPTIONS}. */
  public AgentLauncher option(String option) {
    options.add(option);
    return this;
  }

  /** Sets a framework property. */
  public AgentLauncher property(String name, String value) {
    properties.put(name, value);
    return this;
  }

  /** How long a start may take until the shell answers; 60 s unless set. */
  public AgentLauncher deadline(Duration deadline) {
    this.deadline = Objects.requireNonNull(deadline, "deadline");
    return this;
  }

  /**
   * Starts an agent that ends with this process, and waits until its shell answers.
   *
   * @throws AgentException if it ends at once or does not answer in time; with the end of its log
   */
  public AgentProcess start() throws AgentException {
    AgentProcess agent = launch(command());
    agent.endWithThisProcess();
    return agent;
  }

  /**
   * Starts an agent that outlives this process and its terminal, and waits until its shell answers.
   *
   * @return its process id
   * @throws AgentException as {@link #start()}
   */
  public long startDetached() throws AgentException {
    List<String> command = new ArrayList<>(command());
    // Its own session: neither Ctrl-C nor the end of the terminal reaches it. The id stays, since a
    // child is no group leader and setsid need not fork.
    command.add(0, "setsid");
    return launch(command).pid();
  }

  /**
   * As {@link #start()}, with a supervisor over it: when the agent ends by itself it is started
   * again, and the time without it is counted. The process that is given is the supervisor's.
   */
  public AgentProcess startSupervised() throws AgentException {
    AgentProcess supervisor = launch(supervised());
    supervisor.endWithThisProcess();
    return supervisor;
  }

  /**
   * As {@link #startDetached()}, with a supervisor over it.
   *
   * @return the agent's process id
   */
  public long startDetachedSupervised() throws AgentException {
    List<String> command = new ArrayList<>(supervised());
    command.add(0, "setsid");
    return launch(command).agentPid();
  }

  private List<String> supervised() throws AgentException {
    try (InputStream script = AgentLauncher.class.getResourceAsStream(SUPERVISOR)) {
      home.create();
      Path file = home.socket().resolveSibling(SUPERVISOR);
      Files.copy(script, file, StandardCopyOption.REPLACE_EXISTING);
      List<String> command = new ArrayList<>();
      command.add("/bin/sh");
      command.add(file.toString());
      command.add(home.root().toString());
      command.addAll(command());
      return command;
    } catch (IOException e) {
      throw new AgentException("cannot write the supervisor into " + home.root() + ": " + e, e);
    }
  }

  /**
   * Executes one command in a framework that watches nothing, e.g. to learn on a host. Output,
   * progress and errors go where this process's go.
   *
   * @return the exit code
   */
  public int executeOnce(String commandLine) throws AgentException {
    try {
      Path folder = Files.createTempDirectory("tagwatch-once");
      try {
        Process process = oneShot(folder, commandLine).inheritIO().start();
        return awaitExit(process);
      } finally {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new AgentException("cannot execute '" + commandLine + "': " + e.getMessage(), e);
    }
  }

  /** The command line that starts the agent. */
  public List<String> command() {
    List<String> command = new ArrayList<>(javaWithOptions());
    command.add("-Dtagwatch.home=" + home.root());
    command.add(
        "-Dfelix.fileinstall.dir=" + home.conf() + "," + home.bundles() + "," + home.models());
    // else each agent leaves a folder in the system's temporary one
    command.add("-Dfelix.fileinstall.tmpdir=" + home.root().resolve("cache"));
    return complete(command);
  }

  private ProcessBuilder oneShot(Path folder, String commandLine) throws AgentException {
    List<String> command = new ArrayList<>(javaWithOptions());
    command.add(ONE_SHOT_HEAP);
    command.add("-Dfelix.fileinstall.dir=" + folder);
    command.add("-Dtagwatch.execute=" + commandLine);
    return builder(complete(command));
  }

  private List<String> javaWithOptions() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(options);
    return command;
  }

  private List<String> complete(List<String> command) {
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-jar");
    command.add(runtime.toString());
    return List.copyOf(command);
  }

  private AgentProcess launch(List<String> command) throws AgentException {
    try {
      home.create();
      refuseIfAlive();
      long logStart = Files.exists(home.log()) ? Files.size(home.log()) : 0;
      Process process =
          builder(command)
              .directory(home.root().toFile())
              .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(home.log().toFile()))
              .start();
      AgentProcess agent = new AgentProcess(process, home, logStart);
      agent.awaitShell(deadline);
      return agent;
    } catch (AgentException e) {
      throw e;
    } catch (IOException e) {
      throw new AgentException("cannot start an agent in " + home.root() + ": " + e, e);
    }
  }

  private void refuseIfAlive() throws AgentException {
    if (AgentProcess.answers(home)) {
      throw new AgentException(
          "an agent is already running in " + home.root() + "; stop it, or use another folder");
    }
  }

  private ProcessBuilder builder(List<String> command) throws AgentException {
    if (!Files.isReadable(runtime)) {
      throw new AgentException("no runtime " + runtime + "; build it with './tagwatch setup'");
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    // Each arena of glibc can keep 64 MB of address space and some resident pages a thread.
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    return builder;
  }

  private static int awaitExit(Process process) throws AgentException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AgentException("interrupted while process " + process.pid() + " ran", e);
    }
  }
}
