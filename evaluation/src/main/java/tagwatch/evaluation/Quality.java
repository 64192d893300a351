// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How well a method tells attacks from normal traces, with 95 % intervals from resampling clusters.
 *
 * @param auc area under the ROC curve; ties count half
 * @param aucInterval of it
 * @param tprAtFpr by false-positive rate in per cent: the detection rate that is really reached
 * @param tprAtFprInterval of them
 * @param fprAt90 false-positive rate at 90 % detection
 * @param fprAt90Interval of it
 * @param threshold stored, from the training alone
 * @param promisedFpr the rate that no left-out block of the training exceeded
 * @param realisedFpr at the stored threshold
 * @param realisedFprInterval of it
 * @param realisedTpr at the stored threshold
 * @param realisedTprInterval of it
 * @param tprAtSameFpr detection rate at the realised false-positive rate of the measured engine
 */
public record Quality(
    double auc,
    List<Double> aucInterval,
    Map<String, Double> tprAtFpr,
    Map<String, List<Double>> tprAtFprInterval,
    double fprAt90,
    List<Double> fprAt90Interval,
    double threshold,
    double promisedFpr,
    double realisedFpr,
    List<Double> realisedFprInterval,
    double realisedTpr,
    List<Double> realisedTprInterval,
    double tprAtSameFpr) {
  private static final int[] PER_CENT = {1, 5, 10, 15};
  private static final int RESAMPLINGS = 1000;
  private static final double DETECTION = 0.9;

  /** Measures; {@code sameFpr} is the rate to compare at. */
  static Quality of(Labelled labelled, double threshold, double promised, double sameFpr) {
    int[] once = new int[labelled.size()];
    Arrays.fill(once, 1);
    double[] measured = figures(new Roc(labelled, once), threshold);
    double[][] resampled = new double[measured.length][RESAMPLINGS];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < RESAMPLINGS; i++) {
      double[] figures = figures(new Roc(labelled, weights(labelled, random)), threshold);
      for (int k = 0; k < figures.length; k++) {
        resampled[k][i] = figures[k];
      }
    }
    Map<String, Double> tpr = new LinkedHashMap<>();
    Map<String, List<Double>> tprInterval = new LinkedHashMap<>();
    for (int k = 0; k < PER_CENT.length; k++) {
      String rate = Integer.toString(PER_CENT[k]);
      tpr.put(rate, measured[4 + k]);
      tprInterval.put(rate, interval(resampled[4 + k]));
    }
    return new Quality(
        measured[0],
        interval(resampled[0]),
        tpr,
        tprInterval,
        measured[1],
        interval(resampled[1]),
        threshold,
        promised,
        measured[2],
        interval(resampled[2]),
        measured[3],
        interval(resampled[3]),
        new Roc(labelled, once).tprAt(sameFpr));
  }

  private static double[] figures(Roc roc, double threshold) {
    double[] figures = new double[4 + PER_CENT.length];
    figures[0] = roc.auc();
    figures[1] = roc.fprAt(DETECTION);
    figures[2] = roc.fprAbove(threshold);
    figures[3] = roc.tprAbove(threshold);
    for (int k = 0; k < PER_CENT.length; k++) {
      figures[4 + k] = roc.tprAt(PER_CENT[k] / 100.0);
    }
    return figures;
  }

  /** Draws as many clusters as there are, of each kind, with replacement. */
  private static int[] weights(Labelled labelled, SplittableRandom random) {
    int[] normal = drawn(labelled.normalClusters(), random);
    int[] attack = drawn(labelled.attackClusters(), random);
    int[] weights = new int[labelled.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (labelled.attack(i) ? attack : normal)[labelled.cluster(i)];
    }
    return weights;
  }

  private static int[] drawn(int clusters, SplittableRandom random) {
    int[] drawn = new int[clusters];
    for (int i = 0; i < clusters; i++) {
      drawn[random.nextInt(clusters)]++;
    }
    return drawn;
  }

  private static List<Double> interval(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int tail = (int) (0.025 * sorted.length);
    return List.of(sorted[tail], sorted[sorted.length - 1 - tail]);
  }
}
