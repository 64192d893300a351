// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

/**
 * The anomaly score of one process as the 2020 player computes it, in floats: the mean of an array
 * of the last surprises that starts as zeros, so that the first scores are diluted.
 */
final class PublishedScore {
  private final float[] last;
  private int oldest;

  PublishedScore(int rolling) {
    last = new float[rolling];
  }

  /** Takes the next surprise and gives the mean, added up from the oldest on. */
  float add(float surprise) {
    last[oldest] = surprise;
    oldest = (oldest + 1) % last.length;
    float sum = 0;
    for (int i = 0; i < last.length; i++) {
      sum += last[(oldest + i) % last.length];
    }
    return sum / last.length;
  }
}
