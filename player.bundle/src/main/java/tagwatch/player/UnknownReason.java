// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.Locale;

/** Why a delivered event has no score. */
public enum UnknownReason {
  /** Too few events before it to fill the model's window. */
  WARM_UP,
  /** Events before it are lost, so its window has a hole. */
  GAP,
  /** No scorer for so long that the retained ring overwrote it. */
  OVERWRITTEN,
  /** The gate is {@code learn}, or its task ended before a scorer came. */
  NO_SCORER,
  /** The scorer failed on it and no other scorer was there. */
  REFUSED;

  /** Lower-case name with a hyphen, as in shell, metrics and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
