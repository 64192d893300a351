// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Arrays;
import java.util.Locale;

/** A number made of the surprises of a trace; the higher, the less normal. */
public enum Statistic {
  /** Mean over the whole trace. */
  MEAN {
    @Override
    double of(float[] surprises, int rolling) {
      return sum(surprises) / surprises.length;
    }
  },

  /** The highest rolling mean: the white paper's rule, and what the player watches online. */
  ONLINE {
    @Override
    double of(float[] surprises, int rolling) {
      double sum = 0;
      double highest = 0;
      for (int i = 0; i < surprises.length; i++) {
        sum += surprises[i] - (i >= rolling ? surprises[i - rolling] : 0);
        // A mean over the first few would make the first surprise of a process its score.
        if (i + 1 >= rolling || i + 1 == surprises.length) {
          highest = Math.max(highest, sum / Math.min(i + 1, rolling));
        }
      }
      return highest;
    }
  },

  /** Mean of the tenth of the events that surprise most: padding does not dilute it to nothing. */
  TOP_TENTH {
    @Override
    double of(float[] surprises, int rolling) {
      float[] sorted = surprises.clone();
      Arrays.sort(sorted);
      int count = Math.max(1, sorted.length / 10);
      return sum(Arrays.copyOfRange(sorted, sorted.length - count, sorted.length)) / count;
    }
  },

  /**
   * The highest cumulative sum of the surprise above an allowance (Page, Biometrika 41, 1954): adds
   * up what never fits into one window. The allowance of 2 nats an event is what an event costs
   * that is one of seven equally likely ones.
   */
  CUSUM {
    @Override
    double of(float[] surprises, int rolling) {
      double sum = 0;
      double highest = 0;
      for (float surprise : surprises) {
        sum = Math.max(0, sum + surprise - ALLOWANCE);
        highest = Math.max(highest, sum);
      }
      return highest;
    }
  };

  private static final double ALLOWANCE = 2;

  /**
   * The statistic of a trace.
   *
   * @param surprises in nats, in order; at least one
   * @param rolling events of the rolling mean
   */
  abstract double of(float[] surprises, int rolling);

  /** As in options and output. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
