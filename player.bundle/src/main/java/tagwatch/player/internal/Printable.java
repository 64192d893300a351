// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.regex.Pattern;

/** Text that others chose, made fit for a line of the log. */
final class Printable {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

  private Printable() {}

  /**
   * Control characters as question marks: whoever names a program must not write lines of the log.
   */
  static String of(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }
}
