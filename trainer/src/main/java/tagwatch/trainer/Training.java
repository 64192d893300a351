// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a training is: everything that the next pass depends on, and nothing else, so that one
 * which is stored and read again goes on as if nothing had happened. Owned by one thread.
 */
final class Training {
  final Weights weights;
  final Adam adam;

  /** Weights of the pass with the lowest held-out loss. */
  Weights best;

  /**
   * Mean surprise of each pass in nats: of the learned rows as it went, of the held-out at its end.
   */
  final List<Float> learnedLoss = new ArrayList<>();

  final List<Float> heldOutLoss = new ArrayList<>();
  double rate;

  /** Passes since the last better one. */
  int sinceBest;

  boolean finished;

  Training(Weights weights, Adam adam, Weights best, double rate) {
    this.weights = weights;
    this.adam = adam;
    this.best = best;
    this.rate = rate;
  }

  static Training begin(Topology topology, Settings settings) {
    Weights start = Weights.random(topology, settings.seed());
    return new Training(start, new Adam(topology.sizes()), start.copy(), settings.rate());
  }

  /** Number of passes done. */
  int epochs() {
    return learnedLoss.size();
  }

  /** The lowest held-out loss; infinite before the first pass. */
  float bestLoss() {
    float lowest = Float.POSITIVE_INFINITY;
    for (float loss : heldOutLoss) {
      lowest = Math.min(lowest, loss);
    }
    return lowest;
  }

  /** The pass with the lowest held-out loss, from 1; 0 before the first. */
  int bestEpoch() {
    return heldOutLoss.indexOf(bestLoss()) + 1;
  }

  /** Enters a pass; afterwards the next one is due, or the training is finished. */
  void passed(float learned, float heldOut, Settings settings) {
    boolean better = heldOut < bestLoss();
    learnedLoss.add(learned);
    heldOutLoss.add(heldOut);
    if (better) {
      best = weights.copy();
      sinceBest = 0;
    } else {
      sinceBest++;
      rate /= 2;
    }
    finished = epochs() >= settings.epochs() || sinceBest >= settings.patience();
  }
}
