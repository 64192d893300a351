// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tagwatch.elf.ElfTagWriter;

/**
 * The folder that a run works in, and everything that has to be ended with it: last in, first out,
 * once, on every way out, also when this process is told to end.
 */
final class Lab implements AutoCloseable {
  /** Tags of the workloads. */
  static final int TAG = 64_101;

  /** A second one beside it. */
  static final int OTHER_TAG = 64_102;

  private static final long LONGEST_RUN_S = 600;

  /** Ends something. */
  @FunctionalInterface
  interface End {
    void end() throws IOException;
  }

  /** What a run was asked for. */
  record Options(Path runtime, boolean quick, int pairs) {}

  private final Options options;
  private final PrintWriter progress;
  private final Path folder;
  private final Deque<End> ends = new ArrayDeque<>();
  private final Thread hook = new Thread(this::endAll, "tagwatch-bench-end");
  private String line = "";
  private int names;

  private Lab(Options options, PrintWriter progress, Path folder) {
    this.options = options;
    this.progress = progress;
    this.folder = folder;
  }

  static Lab open(Options options, PrintWriter progress) throws IOException {
    Path folder = Files.createTempDirectory("tagwatch-bench-").toRealPath();
    Lab lab = new Lab(options, progress, folder);
    lab.atEnd(() -> delete(folder));
    Runtime.getRuntime().addShutdownHook(lab.hook);
    return lab;
  }

  Path folder() {
    return folder;
  }

  Path runtime() {
    return options.runtime();
  }

  boolean quick() {
    return options.quick();
  }

  /** How often each pair is measured. */
  int pairs() {
    return options.pairs();
  }

  /** The number of events of a long run, or of a quick one. */
  long events(long full, long quick) {
    return options.quick() ? quick : full;
  }

  /** A folder that nobody has used yet. */
  synchronized Path freshFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name + "-" + ++names));
  }

  /** Names what is being measured, for the lines of progress that follow. */
  void begin(String next) {
    line = next;
  }

  void say(String format, Object... values) {
    progress.println(line + ": " + String.format(Locale.ROOT, format, values));
    progress.flush();
  }

  /** Compiles a workload and gives it a tag; an untagged one has the tag -1. */
  Path compile(String name, int tag) throws IOException {
    Path binary = folder.resolve(tag < 0 ? name : name + "-" + tag);
    if (Files.exists(binary)) {
      return binary;
    }
    Path source = folder.resolve(name + ".c");
    try (InputStream text = Lab.class.getResourceAsStream(name + ".c")) {
      if (text == null) {
        throw new BenchException("the workload " + name + ".c is not in this jar; build it anew");
      }
      Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
    }
    // tagged before it gets its name: nobody may run it without
    Path draft = folder.resolve(name + ".draft");
    run("gcc", "-O2", "-o", draft.toString(), source.toString());
    if (tag >= 0) {
      ElfTagWriter.set(draft, tag);
    }
    return Files.move(draft, binary, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Runs a program to its end and gives what it printed. */
  static String run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      bound(process);
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new BenchException(
            "'" + String.join(" ", command) + "' ended with exit code " + exit + ": " + said);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while " + command[0] + " ran", e);
    }
  }

  /** Ends a process that has not ended long after it should have: no run hangs for ever. */
  static void bound(Process process) {
    CompletableFuture.delayedExecutor(LONGEST_RUN_S, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
  }

  /** The machine's busybox. */
  static Path busybox() throws BenchException {
    for (String place : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      Path file = Path.of(place, "busybox");
      if (!place.isEmpty() && Files.isExecutable(file)) {
        return file;
      }
    }
    throw new BenchException("busybox is not on the PATH; on Debian: apt-get install busybox");
  }

  static void pause(long millis) throws BenchException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  /** Adds what has to be ended; it may have ended before. */
  synchronized void atEnd(End end) {
    ends.push(end);
  }

  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending already: the hook finds nothing left to do
      return;
    }
  }

  private synchronized void endAll() {
    while (!ends.isEmpty()) {
      End end = ends.pop();
      try {
        end.end();
      } catch (IOException | UncheckedIOException e) {
        say("not cleaned up: %s", e);
      }
    }
    // a workload that runs when this process is told to end
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
  }

  /** Deletes a folder with all that it holds; nothing happens if there is none. */
  static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
