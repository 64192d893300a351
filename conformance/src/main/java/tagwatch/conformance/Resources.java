// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds of the system.
 *
 * @param rssKb resident memory
 * @param threads threads, those of native libraries included
 * @param files open files
 */
record Resources(long rssKb, long threads, long files) {
  private static final Path SELF = Path.of("/proc/self");

  /** The machine's own compiler and collector threads come and go. */
  private static final int THREADS_OF_JAVA = 6;

  private static final int FILES_OF_JAVA = 2;

  static Resources now() throws IOException, InterruptedException {
    System.gc();
    Thread.sleep(50);
    System.gc();
    try (Stream<String> status = Files.lines(SELF.resolve("status"));
        Stream<Path> threads = Files.list(SELF.resolve("task"));
        Stream<Path> files = Files.list(SELF.resolve("fd"))) {
      long rss =
          status
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum();
      return new Resources(rss, threads.count(), files.count());
    }
  }

  /** Fails if there is noticeably more now than then. */
  void assertNotGrown(Resources before, long rssAllowanceKb) {
    assertThat(rssKb - before.rssKb)
        .as("growth of resident memory in kB, from %s to %s", before, this)
        .isLessThanOrEqualTo(rssAllowanceKb);
    assertThat(threads - before.threads)
        .as("more threads, from %s to %s", before, this)
        .isLessThanOrEqualTo(THREADS_OF_JAVA);
    assertThat(files - before.files)
        .as("more open files, from %s to %s", before, this)
        .isLessThanOrEqualTo(FILES_OF_JAVA);
  }
}
