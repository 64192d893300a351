// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A running agent that this process has started; any thread may call. */
public final class AgentProcess implements AutoCloseable {
  private static final Duration ORDERLY_END = Duration.ofSeconds(20);
  private static final int LOG_TAIL_BYTES = 2000;

  private final Process process;
  private final AgentHome home;
  private final long logStart;
  private Thread hook;

  AgentProcess(Process process, AgentHome home, long logStart) {
    this.process = process;
    this.home = home;
    this.logStart = logStart;
  }

  /** Where it lives. */
  public AgentHome home() {
    return home;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Process id of the agent itself, if this is its supervisor. */
  long agentPid() {
    return process
        .toHandle()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .findFirst()
        .map(ProcessHandle::pid)
        .orElse(pid());
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Its resident set in KiB ({@code VmRSS}); empty once it has ended. */
  public OptionalLong rssKb() {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** A client of its shell. */
  public AgentClient client() throws AgentException {
    return AgentClient.connect(home.socket());
  }

  /** Waits until it has ended and returns its exit code. */
  public int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends it in good order (SIGTERM); one that has not ended after 20 s is killed. */
  public void stop() {
    forgetHook();
    process.destroy();
    if (!endedWithin(ORDERLY_END)) {
      kill();
    }
  }

  /** Kills it (SIGKILL) and waits until it is gone; the kernel part keeps what it has. */
  public void kill() {
    forgetHook();
    process.destroyForcibly();
    endedWithin(ORDERLY_END);
  }

  /** As {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  synchronized void endWithThisProcess() {
    hook = new Thread(process::destroy, "tagwatch-agent-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether an agent lives in that folder. */
  static boolean answers(AgentHome home) {
    try {
      AgentClient.connect(home.socket()).close();
      return true;
    } catch (AgentException e) {
      return false;
    }
  }

  void awaitShell(Duration deadline) throws AgentException {
    long end = System.nanoTime() + deadline.toNanos();
    while (!answers(home)) {
      if (!process.isAlive()) {
        throw new AgentException(
            "the agent ended at once with exit code " + process.exitValue() + logTail());
      }
      if (System.nanoTime() > end) {
        kill();
        throw new AgentException(
            "the agent's shell did not answer within " + deadline.toSeconds() + " s" + logTail());
      }
      pause();
    }
  }

  private void pause() throws AgentException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new AgentException("interrupted while the agent started", e);
    }
  }

  private synchronized void forgetHook() {
    if (hook == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The machine is ending already and runs the hook itself.
      return;
    } finally {
      hook = null;
    }
  }

  private boolean endedWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private String logTail() {
    try (RandomAccessFile log = new RandomAccessFile(home.log().toFile(), "r")) {
      log.seek(Math.max(logStart, log.length() - LOG_TAIL_BYTES));
      byte[] tail = new byte[LOG_TAIL_BYTES];
      int length = Math.max(0, log.read(tail));
      return "; the end of "
          + home.log()
          + ":\n"
          + new String(tail, 0, length, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "; it wrote no log " + home.log();
    }
  }
}
