// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.List;
import java.util.Map;

/**
 * What came out.
 *
 * @param method that is measured: the engines and the repertoire
 * @param training traces learned from
 * @param promisedFpr rate that no left-out block exceeds
 * @param blocks left out in turn
 * @param leftOutFpr rate over all left-out traces at the threshold
 * @param threshold of the score, in nats
 * @param onlineThreshold of the rolling mean, in nats
 * @param rolling events of the rolling mean
 * @param scores of the unlabelled traces
 * @param comparison on labelled traces; null without them
 */
public record EvaluationReport(
    String method,
    int training,
    double promisedFpr,
    int blocks,
    double leftOutFpr,
    double threshold,
    double onlineThreshold,
    int rolling,
    List<TraceScore> scores,
    Comparison comparison) {

  /**
   * Methods side by side on the same traces.
   *
   * @param normal traces that counted
   * @param attack traces that counted
   * @param normalCopies left out
   * @param attackCopies left out
   * @param methods by name, the measured one first
   * @param curve ROC curve of the measured one: false-positive rate, detection rate
   */
  public record Comparison(
      int normal,
      int attack,
      int normalCopies,
      int attackCopies,
      Map<String, Quality> methods,
      List<List<Double>> curve) {}
}
