// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One watched tag.
 *
 * @param tag the tag
 * @param transport name of the transport; with {@code (waiting)} appended while it is not open
 * @param mode live or snapshot
 * @param gate the gate in force
 * @param policy name of the policy
 * @param model version of the running model; empty if none
 * @param shadow version of the model in shadow; empty if none
 * @param engine format and bundle of the running scorer; empty if none
 * @param threshold of the running model, nats; NaN if none
 * @param tasks live tasks
 * @param processes live thread groups
 * @param alerts alerts since start
 * @param recording file being recorded to; empty if none
 * @param accounting where the events went
 * @param swaps swaps so far by kind: scorer, model, policy, transport; every kind is present
 * @param lastSwap the last swap of a scorer or model; empty if there was none
 * @param oldestUs microseconds for which the oldest event of the last whole second waited between
 *     its arrival and its score
 * @param problems what an operator should look at; empty if all is well
 */
public record TagStatus(
    int tag,
    String transport,
    String mode,
    Gate gate,
    String policy,
    String model,
    String shadow,
    String engine,
    float threshold,
    int tasks,
    int processes,
    long alerts,
    String recording,
    Accounting accounting,
    Map<String, Long> swaps,
    Optional<SwapStatus> lastSwap,
    long oldestUs,
    List<String> problems) {
  /** Copies the collections. */
  public TagStatus {
    swaps = Map.copyOf(swaps);
    problems = List.copyOf(problems);
  }
}
