// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to measure.
 *
 * @param training normal traces to learn from
 * @param score traces of which nothing is known; empty if there are none
 * @param normal traces known to be normal; empty, or both this and {@code attack} are given
 * @param attack traces known to be attacks
 * @param rolling events of the rolling mean, 1–100,000
 * @param promised false-positive rate that a threshold is to keep, above 0, below 1
 * @param blocks how many blocks of the training are left out in turn, 2–50
 * @param keepCopies whether exact copies count
 */
public record EvaluationRequest(
    Path training,
    Optional<Path> score,
    Optional<Path> normal,
    Optional<Path> attack,
    int rolling,
    double promised,
    int blocks,
    boolean keepCopies) {

  /** Throws {@link IllegalArgumentException} that names what is wrong. */
  public EvaluationRequest {
    require(
        score.isPresent() || normal.isPresent(),
        "nothing to score; give --score, or --normal and --attack");
    require(normal.isPresent() == attack.isPresent(), "--normal and --attack belong together");
    require(rolling >= 1 && rolling <= 100_000, "--rolling " + rolling + ", allowed is 1..100000");
    require(
        promised > 0 && promised < 1,
        "--false-positives " + promised + ", allowed is above 0 and below 1, e.g. 0.05");
    require(blocks >= 2 && blocks <= 50, "--blocks " + blocks + ", allowed is 2..50");
  }

  private static void require(boolean right, String refusal) {
    if (!right) {
      throw new IllegalArgumentException(refusal);
    }
  }
}
