// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.List;

/** Numbers as blocks of text. */
final class Chart {
  private static final String LEVELS = "▁▂▃▄▅▆▇█";
  private static final String EIGHTHS = "▏▎▍▌▋▊▉█";

  private Chart() {}

  /** One character a value, from 0 to the highest; a blank for what is not a number. */
  static String sparkline(List<Float> values, float highest) {
    StringBuilder line = new StringBuilder();
    for (float value : values) {
      line.append(Float.isFinite(value) ? LEVELS.charAt(level(value, highest)) : ' ');
    }
    return line.toString();
  }

  /** A bar of at most {@code width} characters, in steps of an eighth. */
  static String bar(float value, float highest, int width) {
    if (!Float.isFinite(value) || value <= 0 || highest <= 0) {
      return "";
    }
    int eighths = Math.max(1, Math.round(Math.min(1, value / highest) * width * 8));
    String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8 - 1, eighths % 8);
    return "█".repeat(eighths / 8) + rest;
  }

  private static int level(float value, float highest) {
    if (highest <= 0) {
      return 0;
    }
    int level = (int) (value / highest * LEVELS.length());
    return Math.max(0, Math.min(LEVELS.length() - 1, level));
  }
}
