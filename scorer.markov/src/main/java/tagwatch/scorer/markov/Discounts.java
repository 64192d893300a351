// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

/**
 * Absolute discounts for counts of 1, 2, and 3 or more.
 *
 * @param once taken from a count of 1
 * @param twice taken from a count of 2
 * @param more taken from a higher count
 */
record Discounts(double once, double twice, double more) implements Split {
  /** Taken when the counts say nothing, e.g. when nothing was seen only once. */
  private static final double UNKNOWN = 0.5;

  /**
   * Modified discounts if n-grams seen 1 to 4 times exist and each discount lies between 0 and its
   * count; else the plain discount {@code n1 / (n1 + 2 n2)} for all; else, without n-grams seen
   * once or twice, one half. Traces of programs are so regular that the last two do happen.
   *
   * @param kinds at index i the number of different n-grams that count i, for i from 1 to 4
   */
  static Discounts estimate(long[] kinds) {
    double n1 = kinds[1];
    double n2 = kinds[2];
    double n3 = kinds[3];
    double n4 = kinds[4];
    if (n1 == 0 || n2 == 0) {
      return new Discounts(UNKNOWN, UNKNOWN, UNKNOWN);
    }
    double plain = n1 / (n1 + 2 * n2);
    Discounts modified =
        new Discounts(1 - 2 * plain * n2 / n1, 2 - 3 * plain * n3 / n2, 3 - 4 * plain * n4 / n3);
    boolean usable =
        n3 > 0 && n4 > 0 && modified.once > 0 && modified.twice > 0 && modified.more > 0;
    return usable ? modified : new Discounts(plain, plain, plain);
  }

  @Override
  public double kept(long count) {
    return count - reserved(count);
  }

  @Override
  public double reserved(long count) {
    return count == 1 ? once : count == 2 ? twice : more;
  }
}
