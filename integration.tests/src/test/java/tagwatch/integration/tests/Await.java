// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tagwatch.player.PlayerException;

/**
 * Waits for what other threads do; never longer than it takes them. An order that the player cannot
 * answer at that moment is given again.
 */
final class Await {
  /** Far beyond what anything here takes: a slow machine must not fail a test. */
  private static final long PATIENCE_S = 30;

  private static final long STEP_MS = 5;

  private Await() {}

  /** The first value that the condition accepts. */
  static <T> T until(String what, Callable<T> value, Predicate<T> accepted) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    Object last = null;
    while (System.nanoTime() < deadline) {
      try {
        T now = value.call();
        if (accepted.test(now)) {
          return now;
        }
        last = now;
      } catch (PlayerException e) {
        last = e;
      }
      Thread.sleep(STEP_MS);
    }
    throw new AssertionError("after " + PATIENCE_S + " s still not " + what + ": " + last);
  }

  static void until(String what, Callable<Boolean> condition) throws Exception {
    until(what, condition, value -> value);
  }
}
