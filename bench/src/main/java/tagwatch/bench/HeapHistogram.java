// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code jcmd GC.class_histogram} says: it collects first, so that only what lives counts. */
final class HeapHistogram {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

  private HeapHistogram() {}

  /** Bytes of all live objects. */
  static long bytes(String histogram) throws BenchException {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new BenchException(
          "the class histogram has no total: " + histogram.lines().findFirst());
    }
    return Long.parseLong(total.group(1));
  }
}
