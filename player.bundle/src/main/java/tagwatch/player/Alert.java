// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import tagwatch.event.Verdict;
import tagwatch.policy.Detection;
import tagwatch.transport.Enforcement;

/**
 * A detection, what was decided and what came of it: the answer to "why was this blocked".
 *
 * @param id counts up from 1
 * @param wallClockMs milliseconds since 1970 at which it was raised
 * @param detection what was detected
 * @param sequence the task's own count of the event that crossed the threshold
 * @param gate the gate in force
 * @param verdict what the policy decided; in {@code monitor} always an alert
 * @param culprit the provider that misbehaved, format and bundle, for the cause {@code PROVIDER};
 *     empty otherwise
 * @param remark what it did and what was done about it; empty for other causes
 * @param enforcement what the transport answered
 * @param decidedNs nanoseconds since boot at which the verdict was in force
 * @param scores the task's anomaly score over its last events, oldest first, nats
 * @param exitedNs nanoseconds since boot at which the task ended, once it has
 * @param callsAfter events of the task after the one that crossed the threshold, its end not
 *     counted; known once it has ended
 */
public record Alert(
    long id,
    long wallClockMs,
    Detection detection,
    long sequence,
    Gate gate,
    String culprit,
    String remark,
    Verdict verdict,
    Enforcement enforcement,
    long decidedNs,
    List<Float> scores,
    OptionalLong exitedNs,
    OptionalLong callsAfter) {
  /** Copies the list. */
  public Alert {
    Objects.requireNonNull(detection, "detection");
    scores = List.copyOf(scores);
  }

  /**
   * Whether the task was stopped: the policy wanted more than an alert and the transport did it.
   */
  public boolean blocked() {
    return verdict.kind() != Verdict.Kind.ALERT
        && enforcement.outcome() == Enforcement.Outcome.DONE;
  }

  /** The same alert after the task's end. */
  public Alert ended(long atNs, long callsAfterwards) {
    return new Alert(
        id,
        wallClockMs,
        detection,
        sequence,
        gate,
        culprit,
        remark,
        verdict,
        enforcement,
        decidedNs,
        scores,
        OptionalLong.of(atNs),
        OptionalLong.of(callsAfterwards));
  }
}
