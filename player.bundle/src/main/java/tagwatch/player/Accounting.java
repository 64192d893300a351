// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.Map;

/**
 * Where a tag's events went. At rest {@code delivered = scored + unknown + waiting}; each is
 * counted on its own, none is computed from the others.
 *
 * @param delivered accepted from the transport, those brought by images included
 * @param scored events that got their first valid surprise
 * @param unknown events that will never get one, by reason; every reason is present
 * @param waiting events that have none yet: in the ring, or retained until a scorer comes
 * @param rescored events that were scored again after a swap; part of no identity
 * @param recovered events that an image brought after a loss; part of {@code delivered}
 * @param refused events for which there was no room; the transport counts them as lost
 * @param gaps events lost for good between two others, as seen in the tasks' sequences
 */
public record Accounting(
    long delivered,
    long scored,
    Map<UnknownReason, Long> unknown,
    long waiting,
    long rescored,
    long recovered,
    long refused,
    long gaps) {
  /** Copies the map. */
  public Accounting {
    unknown = Map.copyOf(unknown);
  }

  /** Sum over all reasons. */
  public long unknownTotal() {
    return unknown.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether the identity holds for this snapshot. */
  public boolean balanced() {
    return delivered == scored + unknownTotal() + waiting;
  }
}
