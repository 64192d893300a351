// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.Map;

/**
 * A model that the player knows.
 *
 * @param tag the tag it was learned for
 * @param version names it; starts with the format, e.g. {@code markov-1c9a3f0e77b2}
 * @param format its engine's format
 * @param path folder that it was read from
 * @param sha256 of its content, lower-case hexadecimal
 * @param state {@code running}, {@code ready}, {@code removed} (runs although its file is gone) or
 *     {@code refused}
 * @param reason why it is refused or stale; empty otherwise
 * @param window events of context
 * @param rolling events that the anomaly score is the mean of
 * @param threshold nats
 * @param provenance how it was learned
 */
public record ModelStatus(
    int tag,
    String version,
    String format,
    String path,
    String sha256,
    String state,
    String reason,
    int window,
    int rolling,
    float threshold,
    Map<String, String> provenance) {
  /** Copies the map. */
  public ModelStatus {
    provenance = Map.copyOf(provenance);
  }
}
