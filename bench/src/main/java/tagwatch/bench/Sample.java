// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.util.Arrays;
import java.util.Collection;

/** Repeated measurements of one thing, at least one. Immutable. */
final class Sample {
  private final double[] sorted;

  private Sample(double[] sorted) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("nothing was measured: the sample is empty");
    }
    this.sorted = sorted;
  }

  static Sample of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Sample(sorted);
  }

  static Sample of(Collection<? extends Number> values) {
    return of(values.stream().mapToDouble(Number::doubleValue).toArray());
  }

  /**
   * What a change costs, in per cent of the rate before it: one value for each pair, since what
   * disturbs a machine disturbs both halves of a pair.
   *
   * @param before rates without the change
   * @param after rates with it, in the same order
   */
  static Sample costs(Collection<Double> before, Collection<Double> after) {
    if (before.size() != after.size()) {
      throw new IllegalArgumentException(
          "half a pair: " + before.size() + " before, " + after.size() + " after");
    }
    double[] costs = new double[before.size()];
    var with = after.iterator();
    int pair = 0;
    for (double without : before) {
      costs[pair++] = 100 * (1 - with.next() / without);
    }
    return of(costs);
  }

  int size() {
    return sorted.length;
  }

  double lowest() {
    return sorted[0];
  }

  double highest() {
    return sorted[sorted.length - 1];
  }

  /** The mean of the two in the middle if the size is even. */
  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Nearest rank: the smallest value that the given share (0 to 1) does not exceed. */
  double percentile(double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
