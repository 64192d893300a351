// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import java.util.Collection;
import tagwatch.player.PlayerException;

/**
 * How a threshold is found. {@code max:F} is F times the highest score over the training data (the
 * white paper's rule with F = 2); {@code quantile:Q} is that quantile of the highest scores of
 * held-out parts.
 */
record ThresholdRule(boolean heldOut, double value) {
  /** A program without any surprise would get a threshold that everything exceeds. */
  private static final float LOWEST = 1e-3f;

  static ThresholdRule parse(String text) throws PlayerException {
    String[] parts = text.split(":", 2);
    try {
      if (parts.length == 2 && parts[0].equals("max")) {
        double factor = Double.parseDouble(parts[1]);
        if (factor >= 1 && factor <= 100) {
          return new ThresholdRule(false, factor);
        }
      } else if (parts.length == 2 && parts[0].equals("quantile")) {
        double quantile = Double.parseDouble(parts[1]);
        if (quantile > 0.5 && quantile <= 1) {
          return new ThresholdRule(true, quantile);
        }
      }
    } catch (NumberFormatException e) {
      throw new PlayerException(refusal(text), e);
    }
    throw new PlayerException(refusal(text));
  }

  private static String refusal(String text) {
    return "threshold rule '"
        + text
        + "' is neither max:F with F from 1 to 100 nor quantile:Q with Q"
        + " above 0.5, at most 1";
  }

  /** The threshold from the highest training score and the highest scores of held-out parts. */
  float threshold(float highest, Collection<Float> heldOutPeaks) {
    return Math.max(LOWEST, heldOut ? quantile(heldOutPeaks, value) : (float) (value * highest));
  }

  /** The smallest of the values that at least that share of them does not exceed. */
  static float quantile(Collection<Float> values, double share) {
    float[] sorted = new float[values.size()];
    int i = 0;
    for (float value : values) {
      sorted[i++] = value;
    }
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }
}
