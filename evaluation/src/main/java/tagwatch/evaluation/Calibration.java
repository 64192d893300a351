// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Arrays;

/**
 * What a statistic is for normal traces that the model did not learn. Turns a value into the
 * probability of one as high, and a promised rate into a threshold.
 */
final class Calibration {
  private final double[] sorted;
  private final double[][] sortedOfBlock;

  /**
   * Sorts.
   *
   * @param values of traces left out
   * @param blocks in which they were left out
   */
  Calibration(double[] values, Blocks blocks) {
    sorted = values.clone();
    Arrays.sort(sorted);
    sortedOfBlock = new double[blocks.count()][];
    for (int block = 0; block < blocks.count(); block++) {
      double[] some = new double[values.length];
      int count = 0;
      for (int i = 0; i < values.length; i++) {
        if (blocks.blockOf(i) == block) {
          some[count++] = values[i];
        }
      }
      sortedOfBlock[block] = Arrays.copyOf(some, count);
      Arrays.sort(sortedOfBlock[block]);
    }
  }

  /** Conformal p-value: share of the calibration, the value itself included, that is as high. */
  double probability(double value) {
    return (sorted.length - below(sorted, value) + 1.0) / (sorted.length + 1.0);
  }

  /** How unlikely, in nats. */
  double rarity(double value) {
    return -Math.log(probability(value));
  }

  private static int below(double[] ascending, double value) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The lowest threshold that no block exceeds more often than the rate. The mean over the blocks
   * would hide that they differ: a device's next week is a block, not an average. If blocks were
   * drawn alike, a further one would keep the rate with probability n / (n + 1), n being their
   * number.
   */
  double threshold(double rate) {
    double threshold = 0;
    for (double[] block : sortedOfBlock) {
      if (block.length > 0) {
        int above = (int) Math.floor(rate * block.length);
        threshold = Math.max(threshold, block[Math.max(0, block.length - 1 - above)]);
      }
    }
    return threshold;
  }

  /** Share of all traces left out that exceed the threshold. */
  double exceeding(double threshold) {
    return Arrays.stream(sorted).filter(value -> value > threshold).count()
        / (double) sorted.length;
  }
}
