// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.function.DoubleUnaryOperator;

/**
 * How high a rate may be, at a confidence of 95 %, when so many alarms were seen: the exact
 * one-sided bounds, found by halving. None in 100,000 gives 3.0 in 100,000.
 */
final class UpperBound {
  private static final double DOUBT = 0.05;
  private static final int HALVINGS = 200;

  private UpperBound() {}

  /** Clopper-Pearson: the highest probability of an alarm in each of so many trials. */
  static double ofShare(long alarms, long trials) {
    if (alarms >= trials) {
      return 1;
    }
    return solve(share -> atMostBinomial(alarms, trials, share), 1);
  }

  /** The highest Poisson mean of the number of alarms. */
  static double ofCount(long alarms) {
    return solve(mean -> atMostPoisson(alarms, mean), 10.0 * alarms + 100);
  }

  private static double solve(DoubleUnaryOperator falling, double high) {
    double low = 0;
    double most = high;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + most) / 2;
      if (falling.applyAsDouble(middle) > DOUBT) {
        low = middle;
      } else {
        most = middle;
      }
    }
    return most;
  }

  private static double atMostBinomial(long alarms, long trials, double share) {
    double sum = 0;
    double logChoose = 0;
    for (long k = 0; k <= alarms; k++) {
      if (k > 0) {
        logChoose += Math.log(trials - k + 1.0) - Math.log((double) k);
      }
      double log = logChoose + (trials - k) * Math.log1p(-share);
      sum += Math.exp(k == 0 ? log : log + k * Math.log(share));
    }
    return sum;
  }

  private static double atMostPoisson(long alarms, double mean) {
    double sum = 0;
    double logFactorial = 0;
    for (long k = 0; k <= alarms; k++) {
      logFactorial += k > 0 ? Math.log((double) k) : 0;
      sum += Math.exp((k == 0 ? 0 : k * Math.log(mean)) - mean - logFactorial);
    }
    return sum;
  }
}
