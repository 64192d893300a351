// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * What every threshold gives. Equal values cannot be told apart by a threshold: they are one step
 * of the curve, between which nothing is interpolated, except that a tie counts half in the area
 * under it (which is what makes the area the Mann-Whitney statistic).
 */
final class Roc {
  private final double[] fpr;
  private final double[] tpr;
  private final double[] threshold;
  private final double auc;

  /**
   * The curve.
   *
   * @param weight how often each trace counts
   */
  Roc(Labelled labelled, int[] weight) {
    int size = labelled.size();
    double[] falsePositives = new double[size + 1];
    double[] truePositives = new double[size + 1];
    double[] last = new double[size + 1];
    last[0] = Double.POSITIVE_INFINITY;
    int steps = 1;
    double area = 0;
    for (int i = 0; i < size; ) {
      double value = labelled.value(i);
      double normals = 0;
      double attacks = 0;
      for (; i < size && labelled.value(i) == value; i++) {
        if (labelled.attack(i)) {
          attacks += weight[i];
        } else {
          normals += weight[i];
        }
      }
      falsePositives[steps] = falsePositives[steps - 1] + normals;
      truePositives[steps] = truePositives[steps - 1] + attacks;
      area += normals * (truePositives[steps - 1] + attacks / 2);
      last[steps++] = value;
    }
    double allNormals = falsePositives[steps - 1];
    double allAttacks = truePositives[steps - 1];
    fpr = new double[steps];
    tpr = new double[steps];
    threshold = last;
    for (int i = 0; i < steps; i++) {
      fpr[i] = falsePositives[i] / allNormals;
      tpr[i] = truePositives[i] / allAttacks;
    }
    auc = area / (allNormals * allAttacks);
  }

  /** Area under the curve. */
  double auc() {
    return auc;
  }

  /** The highest detection rate that a threshold reaches with at most that false-positive rate. */
  double tprAt(double rate) {
    double best = 0;
    for (int i = 0; i < fpr.length && fpr[i] <= rate + 1e-12; i++) {
      best = tpr[i];
    }
    return best;
  }

  /** The lowest false-positive rate with at least that detection rate. */
  double fprAt(double rate) {
    for (int i = 0; i < tpr.length; i++) {
      if (tpr[i] >= rate - 1e-12) {
        return fpr[i];
      }
    }
    return 1;
  }

  /** Share of the normal traces above the threshold. */
  double fprAbove(double limit) {
    return above(fpr, limit);
  }

  /** Share of the attacks above the threshold. */
  double tprAbove(double limit) {
    return above(tpr, limit);
  }

  private double above(double[] rates, double limit) {
    double share = 0;
    for (int i = 1; i < rates.length && threshold[i] > limit; i++) {
      share = rates[i];
    }
    return share;
  }

  /** Corners of the curve: false-positive rate, detection rate. */
  List<List<Double>> points() {
    List<List<Double>> points = new ArrayList<>();
    for (int i = 0; i < fpr.length; i++) {
      points.add(List.of(fpr[i], tpr[i]));
    }
    return points;
  }
}
