// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds after a collection.
 *
 * @param heapKb live objects
 * @param metaspaceKb classes
 * @param rssKb resident memory
 * @param threads all
 * @param fds open files
 */
public record Footprint(long heapKb, long metaspaceKb, long rssKb, int threads, int fds) {
  private static final int COLLECTIONS = 3;
  private static final long PAUSE_MS = 60;

  /** Collects, so that only what lives counts. */
  static Footprint measure() throws IOException, InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(PAUSE_MS);
    }
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long metaspace =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .mapToLong(pool -> pool.getUsage().getUsed())
            .sum();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    return new Footprint(heap >> 10, metaspace >> 10, residentKb(), threads, openFiles());
  }

  private static long residentKb() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  private static int openFiles() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }

  Footprint since(Footprint before) {
    return new Footprint(
        heapKb - before.heapKb,
        metaspaceKb - before.metaspaceKb,
        rssKb - before.rssKb,
        threads - before.threads,
        fds - before.fds);
  }
}
