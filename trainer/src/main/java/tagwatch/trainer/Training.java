// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a training is: everything that the next pass depends on, and nothing else, so that one
 * which is stored and read again goes on as if nothing had happened. Owned by one thread.
 */
final class Training {
  /** Share by which a loss has to fall to be worth another pass. */
  private static final float WORTH_IT = 0.002f;

  /** Passes without a better one after which the next ones go at half the rate. */
  private static final int PASSES_OF_A_RATE = 2;

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

  /** Passes since the last one that was worth it. */
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
    float lowest = bestLoss();
    learnedLoss.add(learned);
    heldOutLoss.add(heldOut);
    if (heldOut < lowest) {
      best = weights.copy();
    }
    if (heldOut < (1 - WORTH_IT) * lowest) {
      sinceBest = 0;
    } else {
      sinceBest++;
      if (sinceBest % PASSES_OF_A_RATE == 0) {
        rate /= 2;
      }
    }
    finished = epochs() >= settings.epochs() || sinceBest >= settings.patience();
  }
}
