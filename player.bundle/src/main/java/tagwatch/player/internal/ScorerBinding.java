// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/**
 * A model, the engine that opened it and the scorer that came of it. The scorer is only called by
 * the scoring thread that took the binding over; it also closes it.
 */
final class ScorerBinding {
  private static final Logger LOG = LoggerFactory.getLogger(ScorerBinding.class);
  private static final int WARM_UP_ROWS = 64;
  private static final int WARM_UP_CALLS = 20;

  final StoredModel model;
  final ScorerEngine engine;
  final String provider;
  final int window;
  final int rolling;

  /** Whether the mean divides by {@link #rolling} from the first surprise on. */
  final boolean diluted;

  final float threshold;

  /** Builds of the program that the model was learned from; empty if it is not known. */
  final Set<String> buildIds;

  private final Scorer scorer;
  private boolean closed;

  private ScorerBinding(StoredModel model, ScorerEngine engine, String provider, Scorer scorer) {
    this.model = model;
    this.engine = engine;
    this.provider = provider;
    this.scorer = scorer;
    this.window = model.window();
    this.rolling = model.manifest().rolling();
    this.diluted = model.manifest().rollingStart().equals(ModelManifest.STARTS_WITH_ZEROS);
    this.threshold = model.manifest().threshold();
    this.buildIds = Set.copyOf(model.manifest().buildIds());
  }

  /**
   * Opens the model and warms the scorer, so that its first live row is not its first at all.
   *
   * @throws ModelException if the engine refuses the model, or the scorer fails while it is warmed
   */
  static ScorerBinding open(StoredModel model, ScorerEngine engine, String provider)
      throws ModelException {
    ScorerBinding binding;
    try {
      binding = new ScorerBinding(model, engine, provider, engine.open(model));
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      throw new ModelException(provider + " failed to open " + model.origin() + ": " + e, e);
    }
    try {
      binding.warmUp();
      return binding;
    } catch (ScoringException e) {
      binding.close();
      throw new ModelException(e.getMessage(), e);
    }
  }

  private void warmUp() throws ScoringException {
    int stride = window + 1;
    short[] rows = new short[WARM_UP_ROWS * stride];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (short) (i * 7 % model.classes());
    }
    float[] surprise = new float[WARM_UP_ROWS];
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      score(rows, WARM_UP_ROWS, surprise);
    }
  }

  /** Scores rows and checks what comes back. */
  void score(short[] rows, int count, float[] surprise) throws ScoringException {
    // A scorer that leaves out a row must not have an earlier batch's surprise taken for it.
    Arrays.fill(surprise, 0, count, Float.NaN);
    try {
      scorer.score(rows, count, surprise);
    } catch (RuntimeException | Error e) {
      // Error too: a failed assertion of an engine is its own affair, the events are put back
      throw new ScoringException(
          provider + " threw with model " + model.manifest().version() + ": " + e, e);
    }
    for (int i = 0; i < count; i++) {
      if (!(surprise[i] >= 0 && surprise[i] < Float.POSITIVE_INFINITY)) {
        throw new ScoringException(
            provider
                + " gave surprise "
                + surprise[i]
                + " with model "
                + model.manifest().version()
                + "; allowed is 0 or more, finite",
            null);
      }
    }
  }

  /** Frees the scorer, once; a provider that fails here is only named. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      scorer.close();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{} failed to close its scorer", provider, e);
    }
  }

  /** A scorer did what it must not. */
  static final class ScoringException extends Exception {
    private static final long serialVersionUID = 1L;

    ScoringException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
