// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.Locale;

/** What a model is to its tag. */
public enum ModelStanding {
  /** It scores; gate and policy apply to it. */
  INCUMBENT,
  /** It scores beside the incumbent; nothing follows from that. */
  SHADOW,
  /** It was the incumbent before. */
  RETIRED,
  /** It is known and has never run. */
  READY,
  /** It cannot be used, or was withdrawn; the reason says why. */
  REFUSED;

  /** Lower-case name, as in shell and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
