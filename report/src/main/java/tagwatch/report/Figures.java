// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Figures {
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int MILLISECONDS = 1000;

  private Figures() {}

  static String nats(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** So many of a thing, e.g. {@code 1 process}, {@code 2 processes}. */
  static String count(long value, String one, String many) {
    return count(value) + " " + (value == 1 ? one : many);
  }

  static String times(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** A share of 1 in per cent; what is not nothing is never shown as 0. */
  static String percent(double share) {
    double percent = 100 * share;
    String format = percent > 0 && percent < 0.1 ? "%.3f %%" : percent < 10 ? "%.1f %%" : "%.0f %%";
    return String.format(Locale.ROOT, format, percent);
  }

  static String duration(double seconds) {
    if (seconds < 1) {
      return String.format(Locale.ROOT, "%.0f ms", seconds * MILLISECONDS);
    }
    return seconds < 2 * SECONDS_PER_MINUTE
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%.0f min", seconds / SECONDS_PER_MINUTE);
  }

  static String bytes(long bytes) {
    return bytes < 10_000
        ? count(bytes) + " bytes"
        : String.format(Locale.ROOT, "%,.0f kB", bytes / 1e3);
  }
}
