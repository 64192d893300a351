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
 * @param problems what an operator should look at beyond single tags, e.g. a configuration that was
 *     refused; empty if all is well
 */
public record PlayerStatus(
    long upMs,
    long firstScoreMs,
    Map<String, Map<TransportCounter, Long>> sources,
    List<String> problems) {
  /** Copies the collections. */
  public PlayerStatus {
    sources = Map.copyOf(sources);
    problems = List.copyOf(problems);
  }
}
