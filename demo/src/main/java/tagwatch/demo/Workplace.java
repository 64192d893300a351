// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The folder that a run works in, and everything that has to be ended with it: last in, first out,
 * once, on every way out, also when the process is told to end.
 */
final class Workplace implements AutoCloseable {
  private static final Path BPF_FILES = Path.of("/sys/fs/bpf");

  /** Ends something. */
  @FunctionalInterface
  interface End {
    void end() throws IOException;
  }

  private final Path folder;
  private final Deque<End> ends = new ArrayDeque<>();
  private final Thread hook = new Thread(this::endAll, "tagwatch-demo-end");

  private boolean ended;

  private Workplace(Path folder) {
    this.folder = folder;
  }

  static Workplace open(DemoOptions options) throws IOException {
    Optional<Path> keep = options.keep();
    Path folder =
        keep.isPresent()
            ? Files.createTempDirectory(Files.createDirectories(keep.get()), "run-")
            : Files.createTempDirectory("tagwatch-demo-");
    Workplace workplace = new Workplace(folder.toRealPath());
    if (keep.isEmpty()) {
      workplace.atEnd(() -> delete(workplace.folder));
    }
    workplace.atEnd(() -> delete(workplace.pins()));
    Runtime.getRuntime().addShutdownHook(workplace.hook);
    return workplace;
  }

  Path folder() {
    return folder;
  }

  /** Pins of this run only: another agent on this machine keeps its own. */
  Path pins() {
    return BPF_FILES.resolve("tagwatch-demo-" + ProcessHandle.current().pid());
  }

  /** Adds what has to be ended; at once, if the end has come meanwhile. */
  synchronized void atEnd(End end) {
    ends.push(end);
    if (ended) {
      endAll();
    }
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
    ended = true;
    while (!ends.isEmpty()) {
      End end = ends.pop();
      try {
        end.end();
      } catch (IOException | RuntimeException e) {
        System.getLogger("tagwatch.demo")
            .log(System.Logger.Level.WARNING, "not cleaned up: {0}", e.toString());
      }
    }
  }

  private static void delete(Path folder) throws IOException {
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
