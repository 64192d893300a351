// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.util.List;

/**
 * Whether a model may enforce.
 *
 * @param readiness the answer
 * @param headline the answer in words
 * @param summary why, in one or two sentences
 * @param checks what it rests on
 * @param missing what to do about the recordings before the model can be trusted
 */
public record Judgement(
    Readiness readiness,
    String headline,
    String summary,
    List<Check> checks,
    List<String> missing) {
  /** The answer. */
  public enum Readiness {
    /** All that is asked speaks for it. */
    READY,
    /** Nothing speaks against it, but something that would speak for it is missing. */
    NOT_YET,
    /** Something speaks against it. */
    NO
  }

  /** Copies the lists. */
  public Judgement {
    checks = List.copyOf(checks);
    missing = List.copyOf(missing);
  }
}
