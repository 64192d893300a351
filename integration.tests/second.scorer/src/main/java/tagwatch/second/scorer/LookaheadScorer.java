// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import tagwatch.scorer.Scorer;

/**
 * Each event of the window votes on the next one: likely if the pair was seen at that distance,
 * unlikely if not. The surprise is that of the geometric mean of the votes.
 */
record LookaheadScorer(LookaheadPairs pairs) implements Scorer {
  private static final double UNLIKELY = 1e-3;
  private static final double SEEN_NATS = -Math.log(1 - UNLIKELY);
  private static final double UNSEEN_NATS = -Math.log(UNLIKELY);

  @Override
  public void score(short[] classes, int rows, float[] surprise) {
    int window = pairs.window();
    for (int row = 0; row < rows; row++) {
      int next = row * (window + 1) + window;
      double nats = 0;
      for (int distance = 1; distance <= window; distance++) {
        boolean seen = pairs.wasSeen(classes[next - distance], classes[next], distance);
        nats += seen ? SEEN_NATS : UNSEEN_NATS;
      }
      surprise[row] = (float) (nats / window);
    }
  }

  /** Nothing to free: the pairs belong to the heap. */
  @Override
  public void close() {}
}
