// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls providers on a thread of its own and waits for them, but not for ever: whoever waits is the
 * coordinator, on which all tags depend.
 */
final class Aside {
  /** Providers that call back while they are called are known by it. */
  private static final class AsideThread extends Thread {
    AsideThread(Runnable task, String name) {
      super(task, name);
      setDaemon(true);
    }
  }

  private Aside() {}

  /** Whether the present thread is in a provider's call that somebody waits for. */
  static boolean isHere() {
    return Thread.currentThread() instanceof AsideThread;
  }

  /**
   * Calls.
   *
   * @throws TimeoutException if there is no end in time; the thread is interrupted and left behind
   * @throws ExecutionException with what the call threw
   */
  static <T> T call(String what, long timeoutMs, Callable<T> call)
      throws TimeoutException, ExecutionException {
    FutureTask<T> task = new FutureTask<>(call);
    new AsideThread(task, "tagwatch-" + what).start();
    try {
      return task.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw e;
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new ExecutionException("interrupted", e);
    }
  }
}
