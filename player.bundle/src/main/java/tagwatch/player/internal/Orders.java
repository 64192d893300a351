// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import tagwatch.player.PlayerException;

/** What others want from a scoring thread; it carries the orders out between two micro-batches. */
final class Orders {
  private static final long TIMEOUT_S = 2;

  /** What an order does. */
  private record Order<T>(Supplier<T> what, AtomicBoolean begun, CompletableFuture<T> answer) {
    Order(Supplier<T> what) {
      this(what, new AtomicBoolean(), new CompletableFuture<>());
    }

    /** Whoever gets true decides what becomes of it. */
    boolean begin() {
      return begun.compareAndSet(false, true);
    }

    void refuse(String reason) {
      if (begin()) {
        answer.completeExceptionally(new IllegalStateException(reason));
      }
    }
  }

  private final String thread;
  private final Runnable wakeUp;
  private final Queue<Order<?>> waiting = new ConcurrentLinkedQueue<>();
  private Order<?> current;
  private volatile boolean closed;

  /**
   * @param thread what carries them out, for messages
   * @param wakeUp wakes it if it sleeps
   */
  Orders(String thread, Runnable wakeUp) {
    this.thread = thread;
    this.wakeUp = wakeUp;
  }

  /** Any thread: whether none waits. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Carries an order out on the scoring thread and waits for it; any other thread. */
  <T> T ask(String what, Supplier<T> order) throws PlayerException {
    return ask(what, order, () -> {});
  }

  /**
   * The same.
   *
   * @param withdrawn run by the caller's thread if the order was never begun; one that was begun is
   *     still carried out to its end, unless the thread is lost in it
   */
  <T> T ask(String what, Supplier<T> wanted, Runnable withdrawn) throws PlayerException {
    Order<T> order = new Order<>(wanted);
    waiting.add(order);
    if (closed) {
      refuse();
    }
    wakeUp.run();
    try {
      return order.answer.get(TIMEOUT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      giveUp(order, withdrawn);
      throw new PlayerException(thread + " did not answer within " + TIMEOUT_S + " s: " + what, e);
    } catch (InterruptedException e) {
      giveUp(order, withdrawn);
      Thread.currentThread().interrupt();
      throw new PlayerException("interrupted while waiting: " + what, e);
    } catch (ExecutionException e) {
      if (closed) {
        withdrawn.run();
      }
      throw new PlayerException(what + " failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static void giveUp(Order<?> order, Runnable withdrawn) {
    if (order.begin()) {
      withdrawn.run();
    }
  }

  // Scoring thread.

  /** Carries out what waits; returns how many there were. */
  int carryOut() {
    int done = 0;
    for (Order<?> order = waiting.poll(); order != null; order = waiting.poll()) {
      current = order;
      carryOut(order);
      current = null;
      done++;
    }
    return done;
  }

  private static <T> void carryOut(Order<T> order) {
    if (!order.begin()) {
      return;
    }
    try {
      order.answer.complete(order.what.get());
    } catch (Shift.Relieved e) {
      // the successor has answered, and all that was to be done is no longer this thread's affair
      throw e;
    } catch (RuntimeException | Error e) {
      order.answer.completeExceptionally(e);
    }
  }

  /** The thread before this one was lost while it carried an order out. */
  void failCurrent(String reason) {
    Order<?> lost = current;
    current = null;
    if (lost != null) {
      lost.answer.completeExceptionally(new IllegalStateException(reason));
    }
  }

  /** None is carried out any more. */
  void close() {
    closed = true;
    refuse();
  }

  private void refuse() {
    for (Order<?> order = waiting.poll(); order != null; order = waiting.poll()) {
      order.refuse("the tag is no longer played");
    }
  }
}
