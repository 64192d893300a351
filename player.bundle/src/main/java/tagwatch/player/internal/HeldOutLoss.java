// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import tagwatch.scorer.Corpus;

/**
 * How well a model predicts what it did not learn.
 *
 * @param events that were scored
 * @param mean their mean surprise, nats; NaN without any
 */
record HeldOutLoss(long events, double mean) {
  private static final int BATCH = Scoring.BATCH;

  /** Nothing was scored. */
  static final HeldOutLoss NONE = new HeldOutLoss(0, Double.NaN);

  /**
   * Scores the held-out events of a corpus.
   *
   * @param context how many events must lie before one that is scored, at least the model's window:
   *     two models are compared over the same events
   */
  static HeldOutLoss of(Corpus corpus, ScorerBinding binding, int context)
      throws ScorerBinding.ScoringException {
    int stride = binding.window + 1;
    short[] rows = binding.rows();
    float[] surprise = new float[BATCH];
    double sum = 0;
    long events = 0;
    int filled = 0;
    for (int s = 0; s < corpus.sequences(); s++) {
      short[] sequence = corpus.sequence(s);
      int first = corpus.heldOut(s) ? Math.max(context, corpus.from(s)) : sequence.length;
      for (int at = first; at < sequence.length; at++) {
        System.arraycopy(sequence, at - binding.window, rows, filled++ * stride, stride);
        if (filled == BATCH) {
          sum += sum(binding, filled, surprise);
          events += filled;
          filled = 0;
        }
      }
    }
    if (filled > 0) {
      sum += sum(binding, filled, surprise);
      events += filled;
    }
    return events == 0 ? NONE : new HeldOutLoss(events, sum / events);
  }

  private static double sum(ScorerBinding binding, int count, float[] surprise)
      throws ScorerBinding.ScoringException {
    binding.score(count, surprise);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += surprise[i];
    }
    return sum;
  }
}
