// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.agrona.concurrent.ringbuffer.RingBufferDescriptor.TRAILER_LENGTH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;

/**
 * Takes a tag's events from the one thread that produces them to the one that consumes them,
 * without waiting and without an object per event.
 *
 * <pre>
 *   0        4        8                16               24
 *  +--------+--------+----------------+----------------+----------------
 *  | handle | hook   | sequence       | time           | feature slots …
 *  +--------+--------+----------------+----------------+----------------
 * </pre>
 *
 * An event for which there is no room is refused. What changes the life of a task (start,
 * execution, exit) is never refused: it waits on the producer's side, and the events behind it are
 * refused until it has gone, so that the order stays.
 */
final class EventRing {
  /** What the consumer does with each message. */
  interface Consumer {
    void event(
        int handle,
        int hookId,
        long sequence,
        long timeNs,
        DirectBuffer buffer,
        int at,
        int length);

    void started(int handle, TaskStart start);

    void executed(int handle, Executable executable, long timeNs);

    void gap(int handle, long lost);

    void exited(int handle, long timeNs, long lastSequence);
  }

  /**
   * A consumer that says before each message whether it can take it now, and after it whether it
   * wants another one. What it does not take stays in the ring as it is.
   */
  interface Picky extends Consumer {
    boolean takesEvent(int handle, long sequence);

    boolean takesControl();

    boolean takesMore();
  }

  private static final int HANDLE = 0;
  private static final int HOOK = HANDLE + Integer.BYTES;
  private static final int SEQUENCE = HOOK + Integer.BYTES;
  private static final int TIME = SEQUENCE + Long.BYTES;
  private static final int FEATURES = TIME + Long.BYTES;

  private static final int EVENT = 1;
  private static final int STARTED = 2;
  private static final int EXECUTED = 3;
  private static final int GAP = 4;
  private static final int EXITED = 5;

  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /** A control message that found no room. */
  private record Held(int type, int handle, long a, long b, Object attachment) {}

  private final OneToOneRingBuffer ring;

  /** Objects that belong to control messages, in the order of these. */
  private final Queue<Object> attachments = new ConcurrentLinkedQueue<>();

  private final ArrayDeque<Held> held = new ArrayDeque<>();

  /** A ring of that many bytes, a power of two. */
  EventRing(int bytes) {
    ring =
        new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(bytes + TRAILER_LENGTH)));
  }

  /** Producer: offers an event; false if there is no room. */
  boolean event(
      int handle,
      int hookId,
      long sequence,
      long timeNs,
      ByteBuffer features,
      int offset,
      int length) {
    int index = claim(handle, hookId, sequence, timeNs, length);
    if (index < 0) {
      return false;
    }
    AtomicBuffer buffer = ring.buffer();
    if (length == Long.BYTES) {
      // the common size in one store; the slots' bytes are moved as they are, whatever order the
      // given buffer is set to
      long slots = features.getLong(offset);
      boolean swap = (features.order() == ByteOrder.LITTLE_ENDIAN) != LITTLE;
      buffer.putLong(index + FEATURES, swap ? Long.reverseBytes(slots) : slots);
    } else if (length > 0) {
      buffer.putBytes(index + FEATURES, features, offset, length);
    }
    ring.commit(index);
    return true;
  }

  /** Producer: the same for features that lie in another event ring. */
  boolean event(
      int handle,
      int hookId,
      long sequence,
      long timeNs,
      DirectBuffer features,
      int offset,
      int length) {
    int index = claim(handle, hookId, sequence, timeNs, length);
    if (index < 0) {
      return false;
    }
    ring.buffer().putBytes(index + FEATURES, features, offset, length);
    ring.commit(index);
    return true;
  }

  private int claim(int handle, int hookId, long sequence, long timeNs, int length) {
    if (!held.isEmpty() && !letGo()) {
      return -1;
    }
    int index = ring.tryClaim(EVENT, FEATURES + length);
    if (index >= 0) {
      AtomicBuffer buffer = ring.buffer();
      buffer.putInt(index + HANDLE, handle);
      buffer.putInt(index + HOOK, hookId);
      buffer.putLong(index + SEQUENCE, sequence);
      buffer.putLong(index + TIME, timeNs);
    }
    return index;
  }

  /** Producer: a task starts. */
  void started(int handle, TaskStart start) {
    control(new Held(STARTED, handle, 0, 0, start));
  }

  /** Producer: a task runs another program. */
  void executed(int handle, Executable executable, long timeNs) {
    control(new Held(EXECUTED, handle, timeNs, 0, executable));
  }

  /** Producer: events are lost for good. */
  void gap(int handle, long lost) {
    control(new Held(GAP, handle, lost, 0, null));
  }

  /** Producer: the same, if there is room now; else nothing is done and the answer is false. */
  boolean offerGap(int handle, long lost) {
    return letGo() && put(new Held(GAP, handle, lost, 0, null));
  }

  /** Producer: a task is gone. */
  void exited(int handle, long timeNs, long lastSequence) {
    control(new Held(EXITED, handle, timeNs, lastSequence, null));
  }

  /**
   * Producer: moves held control messages into the ring; true if none is left. Call it when idle.
   */
  boolean letGo() {
    while (!held.isEmpty()) {
      if (!put(held.peekFirst())) {
        return false;
      }
      held.removeFirst();
    }
    return true;
  }

  private void control(Held message) {
    if (!letGo() || !put(message)) {
      held.addLast(message);
    }
  }

  private boolean put(Held message) {
    int index = ring.tryClaim(message.type, FEATURES);
    if (index < 0) {
      return false;
    }
    if (message.attachment != null) {
      attachments.add(message.attachment);
    }
    AtomicBuffer buffer = ring.buffer();
    buffer.putInt(index + HANDLE, message.handle);
    buffer.putLong(index + SEQUENCE, message.a);
    buffer.putLong(index + TIME, message.b);
    ring.commit(index);
    return true;
  }

  /** What {@link #read} calls for a consumer: made once, so that reading allocates nothing. */
  MessageHandler handlerOf(Consumer consumer) {
    return (type, buffer, index, length) -> dispatch(consumer, type, buffer, index, length);
  }

  /** Consumer: hands at most so many messages over; returns how many. */
  int read(MessageHandler handler, int limit) {
    return ring.read(handler, limit);
  }

  /** What {@link #readSome} calls for a picky consumer. */
  ControlledMessageHandler pickyHandlerOf(Picky consumer) {
    return (type, buffer, index, length) -> {
      boolean taken =
          type == EVENT
              ? consumer.takesEvent(buffer.getInt(index + HANDLE), buffer.getLong(index + SEQUENCE))
              : consumer.takesControl();
      if (!taken) {
        return Action.ABORT;
      }
      dispatch(consumer, type, buffer, index, length);
      return consumer.takesMore() ? Action.CONTINUE : Action.BREAK;
    };
  }

  /** Consumer: hands at most so many messages over, as far as they are taken; returns how many. */
  int readSome(ControlledMessageHandler handler, int limit) {
    return ring.controlledRead(handler, limit);
  }

  private void dispatch(
      Consumer consumer, int type, MutableDirectBuffer buffer, int index, int length) {
    int handle = buffer.getInt(index + HANDLE);
    long a = buffer.getLong(index + SEQUENCE);
    long b = buffer.getLong(index + TIME);
    switch (type) {
      case EVENT ->
          consumer.event(
              handle,
              buffer.getInt(index + HOOK),
              a,
              b,
              buffer,
              index + FEATURES,
              length - FEATURES);
      case STARTED -> consumer.started(handle, (TaskStart) attachments.remove());
      case EXECUTED -> consumer.executed(handle, (Executable) attachments.remove(), a);
      case GAP -> consumer.gap(handle, a);
      case EXITED -> consumer.exited(handle, a, b);
      default -> throw new IllegalStateException("message type " + type + " in an event ring");
    }
  }

  /** Any thread: grows with what was put in. */
  long producerPosition() {
    return ring.producerPosition();
  }

  /** Any thread: grows with what was taken; equal to the producer's if nothing lies in the ring. */
  long consumerPosition() {
    return ring.consumerPosition();
  }

  /** Any thread: whether nothing lies in the ring. */
  boolean isEmpty() {
    return ring.size() == 0;
  }
}
