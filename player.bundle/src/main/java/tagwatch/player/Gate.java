// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.Locale;

/** What a tag's events are used for. */
public enum Gate {
  /** They can be recorded; nothing is scored. */
  LEARN,
  /** They are scored, and anomalies are told. */
  MONITOR,
  /** The policy acts on anomalies. */
  ENFORCE;

  /** Lower-case name, as in configuration and shell. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The gate of that {@link #label()}; {@link IllegalArgumentException} names what is allowed. */
  public static Gate ofLabel(String label) {
    for (Gate gate : values()) {
      if (gate.label().equals(label)) {
        return gate;
      }
    }
    throw new IllegalArgumentException(
        "gate '" + label + "' is not one of learn, monitor, enforce");
  }
}
