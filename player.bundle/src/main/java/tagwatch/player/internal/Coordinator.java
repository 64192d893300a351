// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.player.PlayerException;

/**
 * The one thread that brings together what is to run and what is there, again from the start at
 * each change. Any thread may call.
 */
final class Coordinator {
  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

  /** How long a service that goes away waits for the player to let go of it. */
  private static final long RELEASE_S = 5;

  private static final long ORDER_S = 60;
  private static final long RETRY_MS = 3_000;
  private static final long SETTLE_MS = 200;

  private final BooleanSupplier reconciling;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tagwatch-coordinator");
            thread.setDaemon(true);
            return thread;
          });
  private Future<?> settling = CompletableFuture.completedFuture(null);
  private Future<?> retry = CompletableFuture.completedFuture(null);

  /**
   * @param reconciling does it; true if it should be tried again
   */
  Coordinator(BooleanSupplier reconciling) {
    this.reconciling = reconciling;
  }

  private void reconcile() {
    boolean again = true;
    try {
      again = reconciling.getAsBoolean();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("the coordinator failed; it tries again in {} ms", RETRY_MS, e);
    }
    retry.cancel(false);
    if (again) {
      retry = executor.schedule(this::reconcile, RETRY_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Does something, and no more than that. */
  void execute(Runnable what) {
    try {
      executor.execute(
          () -> {
            try {
              what.run();
            } catch (RuntimeException | LinkageError e) {
              LOG.error("the coordinator failed", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("something came after the end of the player");
    }
  }

  /** Something changed. */
  void changed() {
    execute(this::reconcile);
  }

  /** Something will have changed in so many milliseconds. */
  void changedIn(long ms) {
    try {
      Future<?> unused = executor.schedule(this::reconcile, ms, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("nothing is to be reconciled after the end of the player");
    }
  }

  /**
   * Configurations come in bunches, in any order: a transport that was opened between its tag's and
   * its own would be opened with its defaults first.
   */
  synchronized void configurationChanged() {
    try {
      settling.cancel(false);
      settling = executor.schedule(this::reconcile, SETTLE_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("a configuration came after the end of the player");
    }
  }

  /**
   * For a service that goes away: it is not used any more when this returns, unless it takes too
   * long.
   */
  void changedAndDone(String what) {
    try {
      executor.submit(this::reconcile).get(RELEASE_S, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("a service went away after the end of the player");
    } catch (TimeoutException | ExecutionException e) {
      LOG.error("{} goes away and may still be in use after {} s", what, RELEASE_S, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Carries out an order and waits for it. */
  <T> T order(Callable<T> order) throws PlayerException {
    try {
      return executor.submit(order).get(ORDER_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PlayerException refused) {
        throw refused;
      }
      throw new PlayerException("failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new PlayerException("the coordinator did not answer within " + ORDER_S + " s", e);
    } catch (RejectedExecutionException e) {
      throw new PlayerException("the player has ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlayerException("interrupted", e);
    }
  }

  void end() {
    executor.shutdownNow();
  }
}
