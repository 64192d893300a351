// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.Objects;

/**
 * What became of a verdict.
 *
 * @param outcome the result
 * @param detail for a person: what was done, or why not
 */
public record Enforcement(Outcome outcome, String detail) {
  /** The result. */
  public enum Outcome {
    /** In force. */
    DONE,
    /** The task no longer exists. */
    GONE,
    /** Never for this task: pid 1, the agent itself, or a verdict that the source does not have. */
    REFUSED,
    /** It was tried and did not work. */
    FAILED
  }

  /** Both parts are required. */
  public Enforcement {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(detail, "detail");
  }
}
