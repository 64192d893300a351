// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tagwatch.player.PlayerException;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** An engine that scores as a real one does, until it does what no engine should. */
final class HostileEngine implements ScorerEngine {
  /** What it does. */
  enum Deed {
    THROWS_AT_ONCE(1),
    THROWS_AT_THE_THOUSANDTH_CALL(1_000),
    RETURNS_NAN(1_000),
    SLEEPS_FIVE_SECONDS(1_000),
    CALLS_BACK_FROM_ANOTHER_THREAD(1_000),
    UNREGISTERS_IN_THE_MIDDLE_OF_A_CALL(1_000),
    NEVER_RETURNS(1_000);

    final int atCall;

    Deed(int atCall) {
      this.atCall = atCall;
    }
  }

  private static final long SLEEP_MS = 5_000;

  private final Deed deed;
  private final ScorerEngine real;
  private final Runnable unregister;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean done = new AtomicBoolean();

  HostileEngine(Deed deed, ScorerEngine real, Runnable unregister) {
    this.deed = deed;
    this.real = real;
    this.unregister = unregister;
  }

  /** Whether it has come to its deed. */
  boolean done() {
    return done.get();
  }

  /** Lets the threads go that it holds. */
  void end() {
    ended.countDown();
  }

  @Override
  public Scorer open(Model model) throws ModelException {
    Scorer scorer = real.open(model);
    return new Scorer() {
      private int calls;

      @Override
      public void score(short[] classes, int rows, float[] surprise) {
        scorer.score(classes, rows, surprise);
        if (++calls >= deed.atCall) {
          done.set(true);
          act(surprise);
        }
      }

      @Override
      public void close() {
        scorer.close();
      }
    };
  }

  private void act(float[] surprise) {
    switch (deed) {
      case THROWS_AT_ONCE, THROWS_AT_THE_THOUSANDTH_CALL ->
          throw new IllegalStateException("hostile");
      case RETURNS_NAN -> surprise[0] = Float.NaN;
      case SLEEPS_FIVE_SECONDS -> hold(SLEEP_MS);
      case CALLS_BACK_FROM_ANOTHER_THREAD -> callBack();
      case UNREGISTERS_IN_THE_MIDDLE_OF_A_CALL -> unregister.run();
      case NEVER_RETURNS -> hold(Long.MAX_VALUE);
    }
  }

  /** Whatever interrupts it: that is what makes it hostile. */
  private void hold(long millis) {
    long begin = System.nanoTime();
    while (ended.getCount() > 0 && (System.nanoTime() - begin) / 1_000_000 < millis) {
      try {
        ended.await(10, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        // not for it
      }
    }
  }

  /** Asks the player, from another thread, what needs this very thread to answer. */
  private void callBack() {
    Thread other =
        new Thread(
            () -> {
              try {
                Agent.player().sessions();
              } catch (PlayerException e) {
                // refused, as it should be
                return;
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            },
            "hostile-call-back");
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
