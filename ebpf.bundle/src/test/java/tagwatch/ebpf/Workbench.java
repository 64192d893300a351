// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import tagwatch.elf.ElfTagWriter;
import tagwatch.event.TaskKey;
import tagwatch.event.Vocabulary;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportException;

/** A real kernel part with pins, tags and workloads of its own; leaves nothing behind. */
final class Workbench implements AutoCloseable {
  private static final Path SOURCES = Path.of("src", "test", "c");

  private static final long SYS_KILL = 62;

  private static final Vocabulary VOCABULARY = SyscallVocabulary.read();

  private static boolean compiled;

  private final String pins;
  private final Path folder;
  private final int tag;
  private final List<Process> processes = new ArrayList<>();
  private int ringBytes = 1 << 20;
  private EventSource source;

  Workbench(String name, int tag) throws IOException {
    require();
    this.pins = "tagwatch-test-" + name;
    this.tag = tag;
    folder = Files.createTempDirectory("tagwatch-" + name);
    LibBpf.load();
    new Pins(pins).remove();
  }

  /** Without rights or tools a test is skipped, unless everything is required. */
  private static void require() {
    List<String> missing = new ArrayList<>();
    for (Finding finding : new Probe().run()) {
      if (!finding.present() && !finding.facility().equals("BPF file system")) {
        missing.add(finding.facility() + ": " + finding.detail());
      }
    }
    require(missing.isEmpty(), missing.toString());
  }

  /** Skips the test if something is missing here, or fails it if everything is required. */
  static void require(boolean present, String what) {
    if ("all".equals(System.getenv("TAGWATCH_REQUIRE")) && !present) {
      fail("required, but missing: " + what);
    }
    assumeTrue(present, what);
  }

  Workbench ring(int bytes) {
    ringBytes = bytes;
    return this;
  }

  int tag() {
    return tag;
  }

  String pins() {
    return pins;
  }

  EventSource source() {
    return source;
  }

  static int id(String hook) {
    return VOCABULARY.idOf(hook).orElseThrow();
  }

  Settings settings(String... executables) {
    return new Settings(ringBytes, pins, 20, List.of(executables));
  }

  EventSource open(Path... executables) throws TransportException {
    return open(Mode.LIVE, executables);
  }

  EventSource open(Mode mode, Path... executables) throws TransportException {
    String[] paths = Arrays.stream(executables).map(Path::toString).toArray(String[]::new);
    source = new EbpfTransport(settings(paths)).open(new Subscription(Set.of(tag), mode));
    return source;
  }

  /** A copy of the workload program that carries the tag. */
  Path tagged() throws IOException {
    Path program = untagged();
    ElfTagWriter.set(program, tag);
    return program;
  }

  /** Compiled once for all tests; each gets a copy, because a tag belongs to a file. */
  Path untagged() throws IOException {
    Path copy = Files.createTempDirectory(folder, "bin").resolve("workload");
    return Files.copy(compiled(), copy, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static synchronized Path compiled() throws IOException {
    Path program = Path.of("target", "workload").toAbsolutePath();
    if (!compiled) {
      compile(program);
      compiled = true;
    }
    return program;
  }

  private static void compile(Path program) throws IOException {
    List<String> command =
        List.of(
            "gcc",
            "-O1",
            "-Wall",
            "-pthread",
            "-o",
            program.toString(),
            SOURCES.resolve("workload.c").toString());
    Process gcc = new ProcessBuilder(command).inheritIO().start();
    await(() -> !gcc.isAlive(), "the end of gcc");
    if (gcc.exitValue() != 0) {
      throw new IOException("gcc failed with exit code " + gcc.exitValue());
    }
  }

  Process start(Object... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList())
            .redirectErrorStream(true);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** The first line that a workload prints: it says that it is ready. */
  static String line(Process process) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; ) {
      line.append((char) c);
      c = process.getInputStream().read();
    }
    return line.toString();
  }

  /** Until it has entered the call that it waits in, which is an event too. */
  static void awaitSleep(Process process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    await(
        () -> {
          try {
            return Files.readString(stat).contains(") S ");
          } catch (IOException e) {
            return false;
          }
        },
        "process " + process.pid() + " sleeps");
  }

  /** Skips what loggers and the JVM print first. */
  static void awaitLine(Process process, String beginning) throws IOException {
    String line = line(process);
    while (!line.startsWith(beginning)) {
      if (line.isEmpty() && !process.isAlive()) {
        fail("the process ended before it printed " + beginning);
      }
      line = line(process);
    }
  }

  /** What somebody else does who lets a suspended process go on. */
  static void letGo(TaskKey process) throws IOException {
    Freezer.find().orElseThrow().thaw(process);
    LibC.syscall(SYS_KILL, process.threadId(), LibC.SIGCONT, 0, 0);
  }

  /** For a process that may be killed at the call that it waits in. */
  static void goIfAlive(Process process) {
    try {
      go(process);
    } catch (IOException e) {
      process.destroy();
    }
  }

  static void go(Process process) throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("did not happen within 20 s: " + what);
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail("interrupted while waiting: " + what);
      }
    }
  }

  /** Polls until the condition holds and nothing more comes. */
  void drain(Watched watched, BooleanSupplier condition, String what) {
    await(
        () -> {
          while (source.poll(watched, 256) > 0) {
            Thread.onSpinWait();
          }
          return condition.getAsBoolean();
        },
        what);
    while (source.poll(watched, 256) > 0) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws IOException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (source != null) {
      source.close();
    }
    new Pins(pins).remove();
    Set<Path> all = new HashSet<>();
    try (var paths = Files.walk(folder)) {
      paths.forEach(all::add);
    }
    all.stream().sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
  }
}
