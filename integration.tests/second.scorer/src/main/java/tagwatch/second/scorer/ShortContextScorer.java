// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import tagwatch.scorer.Scorer;

/** Scores by the last events of the window; the older ones do not matter to it. */
final class ShortContextScorer implements Scorer {
  /** Trust in a context against the next shorter one. */
  private static final double WEIGHT = 0.9;

  private final ShortNgrams ngrams;
  private final int window;

  ShortContextScorer(ShortNgrams ngrams, int window) {
    this.ngrams = ngrams;
    this.window = window;
  }

  @Override
  public void score(short[] classes, int rows, float[] surprise) {
    for (int row = 0; row < rows; row++) {
      surprise[row] = (float) -Math.log(probability(classes, row * (window + 1) + window));
    }
  }

  private double probability(short[] classes, int next) {
    double probability = 1.0 / ngrams.classes();
    long context = ShortNgrams.EMPTY;
    for (int back = 0; back <= ngrams.contextLength(); back++) {
      if (back > 0) {
        context = ShortNgrams.before(classes[next - back], context, back - 1);
      }
      long seen = ngrams.contextCount(context);
      if (seen == 0) {
        break;
      }
      double share = (double) ngrams.count(ShortNgrams.after(context, classes[next])) / seen;
      probability = WEIGHT * share + (1 - WEIGHT) * probability;
    }
    return probability;
  }

  /** Nothing to free: the counts belong to the heap. */
  @Override
  public void close() {}
}
