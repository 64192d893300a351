// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import tagwatch.player.PlayerException;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/**
 * One try to have an engine score a model, beside the thread that asks for it: whatever the engine
 * does, there is an answer in time. An engine that comes back later has missed its chance.
 */
final class Attempt {
  private final TagStream stream;
  private final StoredModel model;
  private final ScorerEngine engine;
  private final String provider;
  private final int rowBudgetUs;
  private volatile boolean givenUp;
  private volatile ScorerBinding binding;
  private volatile Understudy understudy;

  Attempt(
      TagStream stream,
      StoredModel model,
      ScorerEngine engine,
      String provider,
      TagSettings settings) {
    this.stream = stream;
    this.model = model;
    this.engine = engine;
    this.provider = provider;
    this.rowBudgetUs = settings.rowBudgetUs();
  }

  /** What was opened. */
  ScorerBinding binding() {
    return binding;
  }

  /** Opens the model. */
  ScorerBinding open(long withinMs) throws PlayerException {
    return inTime("open", withinMs, this::open);
  }

  /** Opens the model and has it take over. */
  Takeover takeOver(boolean keepBefore, Pause pause, long withinMs) throws PlayerException {
    return inTime(
        "prepare",
        withinMs,
        () -> {
          open();
          understudy = new Understudy(binding, stream.symbols());
          return Takeover.of(stream, understudy, keepBefore, pause);
        });
  }

  private ScorerBinding open() throws ModelException, PlayerException {
    ScorerBinding opened =
        ScorerBinding.open(model, engine, provider, RowBudget.ofMicros(rowBudgetUs));
    binding = opened;
    if (givenUp) {
      opened.close();
      throw new PlayerException("it was given up");
    }
    return opened;
  }

  private <T> T inTime(String what, long withinMs, Callable<T> call) throws PlayerException {
    try {
      return Aside.call(what + "-" + stream.tag, withinMs, call);
    } catch (TimeoutException e) {
      givenUp = true;
      Understudy late = understudy;
      if (late != null) {
        late.giveUp();
      }
      throw new PlayerException(
          provider
              + " was not ready with model "
              + model.manifest().version()
              + " within "
              + withinMs / 1000
              + " s",
          e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof PlayerException refused
          ? refused
          : new PlayerException(
              cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }
}
