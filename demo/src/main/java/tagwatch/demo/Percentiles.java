// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.Collection;
import java.util.List;

/**
 * Nearest-rank percentiles; both null if there was nothing to measure.
 *
 * @param p50 median
 * @param p99 the value that 99 % do not exceed
 */
record Percentiles(Double p50, Double p99) {
  static Percentiles of(Collection<? extends Number> values) {
    List<Double> sorted = values.stream().map(Number::doubleValue).sorted().toList();
    return new Percentiles(rank(sorted, 0.5), rank(sorted, 0.99));
  }

  private static Double rank(List<Double> sorted, double share) {
    if (sorted.isEmpty()) {
      return null;
    }
    return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }
}
