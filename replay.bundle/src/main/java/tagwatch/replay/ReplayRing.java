// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import tagwatch.transport.EventSink;

/**
 * The ring between the schedule and poll: bounded for events, as the kernel's is. What is told
 * about tasks keeps its place between the events and is never lost, else no loss could be named.
 */
final class ReplayRing {
  private final int capacity;
  private final int mask;
  private final EventStore events;
  private final ReplayedTask[] owners;
  private final ArrayDeque<Notice> notices = new ArrayDeque<>();
  private long head;
  private long tail;

  private record Notice(long position, Consumer<EventSink> delivery) {}

  /** What became of the events of a delivery. */
  interface Outcome {
    /** The sink took the event. */
    void accepted();

    /** The sink had no room. */
    void declined();

    /** The sink had refused the task before. */
    void unwanted();
  }

  ReplayRing(int capacity) {
    this.capacity = capacity;
    int slots = Integer.highestOneBit(Math.max(1, capacity * 2 - 1));
    mask = slots - 1;
    events = new EventStore(slots);
    owners = new ReplayedTask[slots];
  }

  boolean isEmpty() {
    return head == tail && notices.isEmpty();
  }

  int size() {
    return (int) (tail - head);
  }

  int free() {
    return capacity - size();
  }

  /** Position of the oldest event in the ring. */
  long head() {
    return head;
  }

  void notice(Consumer<EventSink> delivery) {
    notices.add(new Notice(tail, delivery));
  }

  /** Puts an event in and returns its position; the ring must not be full. */
  long put(
      ReplayedTask owner,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer slots,
      int offset,
      int length) {
    int at = (int) tail & mask;
    owners[at] = owner;
    events.put(at, hookId, sequence, timestampNs, slots, offset, length);
    return tail++;
  }

  /** Hands up to so many events to the sink, and what is told before and behind them. */
  int deliver(EventSink sink, int limit, Outcome outcome) {
    int done = 0;
    while (true) {
      while (!notices.isEmpty() && notices.peek().position <= head) {
        notices.remove().delivery.accept(sink);
      }
      if (done == limit || head == tail) {
        return done;
      }
      int at = (int) head & mask;
      ReplayedTask owner = owners[at];
      // moved before the call: a sink that throws must not get the same event for ever
      head++;
      if (owner.refused()) {
        outcome.unwanted();
        continue;
      }
      done++;
      boolean accepted =
          sink.event(
              owner.handle(),
              events.hookId(at),
              events.sequence(at),
              events.timestampNs(at),
              events.features(),
              events.offset(at),
              events.length(at));
      if (accepted) {
        outcome.accepted();
      } else {
        outcome.declined();
      }
    }
  }
}
