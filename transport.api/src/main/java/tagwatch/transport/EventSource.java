// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.osgi.annotation.versioning.ConsumerType;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;

/**
 * An open source of events. {@link #poll}, {@link #awaitEvents}, {@link #awaitUnfamiliar} and
 * {@link #close} belong to one thread, the drain; all other methods may be called by any thread at
 * the same time.
 */
@ConsumerType
public interface EventSource extends AutoCloseable {
  /**
   * Identifies the place where sequences are counted, e.g. one set of kernel maps. Sequences of two
   * sources are comparable only if their domains are equal.
   */
  String sequenceDomain();

  /**
   * Hands what is there to the sink, in the order of the kernel for each task, and returns how many
   * events were handed over (accepted or not); 0 when idle. Does not wait. A snapshot source
   * fetches the images of its tasks here and delivers what is new.
   */
  int poll(EventSink sink, int limit);

  /**
   * Waits until there may be something to poll, at most so long; may return early. Asks the kernel
   * for a wake-up, which costs the producer: call it only after some idle polls.
   */
  void awaitEvents(long maxNanos);

  /**
   * Waits while only events come that {@link #familiar} told of, at most so long; may return early.
   * Between the polls of a busy source this costs neither side a wake-up for each batch, and what
   * is out of the ordinary is read at once. A source that cannot tell waits a moment.
   *
   * @return true if something unfamiliar came
   */
  default boolean awaitUnfamiliar(long maxNanos) {
    LockSupport.parkNanos(Math.min(maxNanos, 60_000));
    return false;
  }

  /**
   * Hint: in tasks of that tag, the one hook after the other is ordinary. A source may forget it,
   * or take another pair for it: nothing is lost by that, only read a little later or sooner.
   */
  default void familiar(int tag, int previousHook, int hook) {}

  /**
   * True once nothing will ever come again, e.g. at the end of a recording; a live source never
   * ends.
   */
  default boolean exhausted() {
    return false;
  }

  /**
   * Fetches the last events of a task from the kernel's own ring, oldest first, so that a gap can
   * be closed.
   *
   * @return the number of events shown to the sink; -1 if the task is gone or the source keeps none
   */
  int image(TaskKey task, ImageSink sink);

  /** Puts a verdict into force for the task's thread group, in the kernel first. Idempotent. */
  Enforcement enforce(TaskKey task, Verdict verdict);

  /** Lifts the verdict on the task's thread group and lets a suspended one go on. */
  Enforcement release(TaskKey task);

  /** All verdicts in force. */
  List<VerdictInForce> verdictsInForce();

  /** Current values; a counter that the source does not have is absent. */
  Map<TransportCounter, Long> counters();

  /** Stops reading. What the kernel part recorded and the verdicts it has stay. Idempotent. */
  @Override
  void close();
}
