// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.Objects;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;

/**
 * A verdict that the source holds.
 *
 * @param process leader of the thread group that it applies to
 * @param verdict the verdict
 * @param sinceNs nanoseconds since boot
 */
public record VerdictInForce(TaskKey process, Verdict verdict, long sinceNs) {
  /** All parts are required. */
  public VerdictInForce {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(verdict, "verdict");
  }
}
