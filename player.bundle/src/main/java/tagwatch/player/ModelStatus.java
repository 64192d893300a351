// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.Map;
import java.util.Optional;

/**
 * A model that the player knows.
 *
 * @param tag the tag it was learned for
 * @param version names it; starts with the format, e.g. {@code markov-1c9a3f0e77b2}
 * @param format its engine's format
 * @param path folder that it was read from
 * @param sha256 of its content, lower-case hexadecimal
 * @param state what it is to its tag
 * @param reason why it is refused, withdrawn or stale, or that its file is gone; empty otherwise
 * @param gate its own gate: the one in force for the incumbent, for others the one that was set or
 *     that they would begin with
 * @param engine format and bundle of the scorer that runs it; empty if none does
 * @param window events of context
 * @param rolling events that the anomaly score is the mean of
 * @param threshold nats
 * @param shadow how it does in shadow, or did last; empty if it never was
 * @param provenance how it was learned
 */
public record ModelStatus(
    int tag,
    String version,
    String format,
    String path,
    String sha256,
    ModelStanding state,
    String reason,
    Gate gate,
    String engine,
    int window,
    int rolling,
    float threshold,
    Optional<ShadowStatus> shadow,
    Map<String, String> provenance) {
  /** Copies the map. */
  public ModelStatus {
    provenance = Map.copyOf(provenance);
  }
}
