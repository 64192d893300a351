// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/**
 * A model, the engine that opened it and the scorer that came of it. One thread at a time calls the
 * scorer: first the one that opens and warms it, then the scoring thread. It is closed when that
 * one has let go of it; a scorer that does not come back from a call is closed by the thread that
 * is lost in it, should it ever return.
 *
 * <p>Rows and surprises are handed over in arrays that belong to this binding, and are checked
 * while they are copied out: what a scorer writes late, from whatever thread, goes nowhere.
 */
final class ScorerBinding implements Shift.Callee {
  private static final Logger LOG = LoggerFactory.getLogger(ScorerBinding.class);
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
  private final RowBudget budget;
  private final short[] rows;
  private final float[] given = new float[Scoring.BATCH];
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean lost;

  private ScorerBinding(
      StoredModel model, ScorerEngine engine, String provider, Scorer scorer, RowBudget budget) {
    this.model = model;
    this.engine = engine;
    this.provider = provider;
    this.scorer = scorer;
    this.budget = budget;
    this.window = model.window();
    this.rolling = model.manifest().rolling();
    this.diluted = model.manifest().rollingStart().equals(ModelManifest.STARTS_WITH_ZEROS);
    this.threshold = model.manifest().threshold();
    this.buildIds = Set.copyOf(model.manifest().buildIds());
    this.rows = new short[Scoring.BATCH * (window + 1)];
  }

  /** As {@link #open(StoredModel, ScorerEngine, String, RowBudget)}, however long a row takes. */
  static ScorerBinding open(StoredModel model, ScorerEngine engine, String provider)
      throws ModelException {
    return open(model, engine, provider, RowBudget.unlimited());
  }

  /**
   * Opens the model and warms the scorer, so that its first live row is not its first at all.
   *
   * @throws ModelException if the engine refuses the model, or the scorer fails while it is warmed
   */
  static ScorerBinding open(
      StoredModel model, ScorerEngine engine, String provider, RowBudget budget)
      throws ModelException {
    ScorerBinding binding;
    try {
      binding = new ScorerBinding(model, engine, provider, engine.open(model), budget);
    } catch (RuntimeException | Error e) {
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
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (short) (i * 7 % model.classes());
    }
    float[] surprise = new float[Scoring.BATCH];
    long fastestNs = Long.MAX_VALUE;
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      long before = System.nanoTime();
      score(Scoring.BATCH, surprise);
      fastestNs = Math.min(fastestNs, System.nanoTime() - before);
    }
    if (!budget.allows(Scoring.BATCH, fastestNs)) {
      throw tooSlow(fastestNs / Scoring.BATCH);
    }
    budget.startAnew();
  }

  private ScoringException tooSlow(long rowNs) {
    return new ScoringException(
        describe()
            + " takes "
            + rowNs / 1000
            + " µs a row, allowed are "
            + budget.limitUs()
            + " (field 'rowBudget' of the tag)",
        null);
  }

  private String describe() {
    return provider + " with model " + model.manifest().version();
  }

  /** Where rows are to be written for the next {@link #score}. */
  short[] rows() {
    return rows;
  }

  /**
   * Scores the first {@code count} of {@link #rows} and checks what comes back.
   *
   * @param surprise receives them; untouched if this throws
   */
  void score(int count, float[] surprise) throws ScoringException {
    // A scorer that leaves out a row must not have an earlier batch's surprise taken for it.
    Arrays.fill(given, 0, count, Float.NaN);
    long before = System.nanoTime();
    try {
      scorer.score(rows, count, given);
    } catch (RuntimeException | Error e) {
      // Error too: a failed assertion of an engine is its own affair, the events are put back
      throw new ScoringException(describe() + " threw: " + e, e);
    }
    boolean inTime = budget.spent(count, System.nanoTime() - before);
    check(count);
    System.arraycopy(given, 0, surprise, 0, count);
    // looked at again: the scorer could have written between check and copy
    for (int i = 0; i < count; i++) {
      if (!valid(surprise[i])) {
        throw nonsense(surprise[i]);
      }
    }
    if (!inTime) {
      throw tooSlow(budget.rowNs());
    }
  }

  private void check(int count) throws ScoringException {
    for (int i = 0; i < count; i++) {
      if (!valid(given[i])) {
        throw nonsense(given[i]);
      }
    }
  }

  private static boolean valid(float surprise) {
    return surprise >= 0 && surprise < Float.POSITIVE_INFINITY;
  }

  private ScoringException nonsense(float surprise) {
    return new ScoringException(
        provider
            + " gave surprise "
            + surprise
            + " with model "
            + model.manifest().version()
            + "; allowed is 0 or more, finite",
        null);
  }

  /** Any thread: nanoseconds a row, mean of the last calls. */
  long rowNs() {
    return budget.rowNs();
  }

  @Override
  public String provider() {
    return provider;
  }

  /** A thread is lost in a call of the scorer: it must not be closed under it. */
  void abandon() {
    lost = true;
  }

  @Override
  public void returned() {
    lost = false;
    close();
  }

  /** Frees the scorer, once, unless a thread is still in it; a failure is only named. */
  void close() {
    if (lost || !closed.compareAndSet(false, true)) {
      return;
    }
    try {
      scorer.close();
    } catch (RuntimeException | Error e) {
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
