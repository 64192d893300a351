// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.List;
import java.util.Map;
import tagwatch.transport.TransportCounter;

/**
 * The player as a whole.
 *
 * @param upMs milliseconds since the process started
 * @param firstScoreMs milliseconds from the start of the process to the first score; -1 before it
 * @param sources open event sources: transport name to its counters
 * @param outages times without an agent, since its supervisor was first started in this home
 * @param swaps the last swaps of all tags (at most 1,000 are kept), oldest first, by tag
 * @param problems what an operator should look at beyond single tags, e.g. a configuration that was
 *     refused; empty if all is well
 */
public record PlayerStatus(
    long upMs,
    long firstScoreMs,
    Map<String, Map<TransportCounter, Long>> sources,
    OutageStatus outages,
    Map<Integer, List<SwapStatus>> swaps,
    List<String> problems) {
  /** Copies the collections. */
  public PlayerStatus {
    sources = Map.copyOf(sources);
    swaps = Map.copyOf(swaps);
    problems = List.copyOf(problems);
  }
}
