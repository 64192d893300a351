// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;

/**
 * Stops a process through the cgroup-v2 freezer: in a group of its own below the one it is in, so
 * that every limit of that one still holds.
 */
final class Freezer {
  private static final Logger LOG = LoggerFactory.getLogger(Freezer.class);
  private static final String PREFIX = "tagwatch-";
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

  private final Path root;

  private Freezer(Path root) {
    this.root = root;
  }

  /** Empty if no cgroup-v2 hierarchy is mounted. */
  static Optional<Freezer> find() throws IOException {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return mounts
          .filter(line -> line.contains(" - cgroup2 "))
          .map(line -> new Freezer(Path.of(line.split(" ", 6)[4])))
          .findFirst();
    }
  }

  /** Where it is mounted. */
  Path root() {
    return root;
  }

  /** Freezes; throws if the group cannot be made or the process does not come to rest. */
  void freeze(TaskKey process) throws IOException {
    Path group = groupOf(process);
    Path cell = group;
    if (!group.getFileName().toString().equals(name(process))) {
      removeEmpty(group);
      cell = group.resolve(name(process));
      if (!Files.isDirectory(cell)) {
        Files.createDirectory(cell);
      }
      write(cell.resolve("cgroup.procs"), Integer.toString(process.threadId()));
    }
    write(cell.resolve("cgroup.freeze"), "1");
    long end = System.nanoTime() + PATIENCE;
    while (!Files.readString(cell.resolve("cgroup.events")).contains("frozen 1")) {
      if (System.nanoTime() > end) {
        throw new IOException("process " + process.threadId() + " does not freeze in " + cell);
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
  }

  /** Undoes {@link #freeze}; does nothing if the process is in no group of ours. */
  void thaw(TaskKey process) throws IOException {
    Path cell = groupOf(process);
    if (!cell.getFileName().toString().equals(name(process))) {
      return;
    }
    write(cell.resolve("cgroup.freeze"), "0");
    try {
      write(cell.getParent().resolve("cgroup.procs"), Integer.toString(process.threadId()));
    } catch (IOException e) {
      // thawed, it met a signal that waited: then the group only holds a dead process
      LOG.debug("process {} ended when it was thawed: {}", process.threadId(), e.getMessage());
    }
    removeEmpty(cell.getParent());
  }

  /** Also the groups of processes that were killed while frozen, which nobody thaws. */
  private static void removeEmpty(Path group) throws IOException {
    try (DirectoryStream<Path> cells = Files.newDirectoryStream(group, PREFIX + "*")) {
      for (Path cell : cells) {
        try {
          Files.delete(cell);
        } catch (IOException e) {
          LOG.trace("{} is in use", cell);
        }
      }
    }
  }

  private static String name(TaskKey process) {
    return PREFIX + process.threadId() + "-" + process.startTimeNs();
  }

  private Path groupOf(TaskKey process) throws IOException {
    Path file = Path.of("/proc", Integer.toString(process.threadId()), "cgroup");
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("0::/")) {
        Path group = root.resolve(line.substring("0::/".length()));
        // the root group has no name of its own
        return group.getFileName() == null ? root : group.normalize();
      }
    }
    throw new IOException(file + " names no cgroup-v2 group");
  }

  private static void write(Path file, String value) throws IOException {
    Files.write(file, value.getBytes(StandardCharsets.US_ASCII));
  }
}
