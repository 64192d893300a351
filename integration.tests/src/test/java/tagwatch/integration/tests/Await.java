// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for what other threads do; never longer than it takes them. */
final class Await {
  /** Far beyond what anything here takes: a slow machine must not fail a test. */
  private static final long PATIENCE_S = 30;

  private static final long STEP_MS = 5;

  private Await() {}

  /** The first value that the condition accepts. */
  static <T> T until(String what, Callable<T> value, Predicate<T> accepted) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (true) {
      T now = value.call();
      if (accepted.test(now)) {
        return now;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("after " + PATIENCE_S + " s still not " + what + ": " + now);
      }
      Thread.sleep(STEP_MS);
    }
  }

  static void until(String what, Callable<Boolean> condition) throws Exception {
    until(what, condition, value -> value);
  }
}
