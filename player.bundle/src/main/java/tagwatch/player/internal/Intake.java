// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.transport.EventSink;

/**
 * Sorts a source's events by tag into the streams' rings. Belongs to the drain thread; when a
 * source follows another one for the same tags, its intake takes over the tasks that are known.
 *
 * <p>A handle is the stream's slot in the upper 11 bits and the task's number in the lower 20.
 */
final class Intake implements EventSink {
  private static final int TASK_BITS = 20;
  private static final int TASK_MASK = (1 << TASK_BITS) - 1;

  /** A source announces what runs when it is opened; a slow one within this time. */
  private static final long CONFIRM_NS = 10_000_000_000L;

  /** The producer's side of a stream: outlives sources. */
  static final class Side {
    final TagStream stream;
    private final EventRing ring;
    private final Map<TaskKey, Integer> handles = new HashMap<>();
    private final Set<Integer> unconfirmed = new HashSet<>();
    private TaskKey[] tasks = new TaskKey[64];
    private long forgetAtNs;
    private int next;

    // Published once a poll: the ledger's cache lines belong to the scoring thread.
    private long accepted;
    private long refused;

    Side(TagStream stream) {
      this.stream = stream;
      this.ring = stream.ring;
    }

    private int take(TaskKey task) {
      Integer free = stream.freeHandles.poll();
      int number = free == null ? next : free;
      if (number > TASK_MASK) {
        return REFUSED;
      }
      if (free == null) {
        next++;
      }
      if (number >= tasks.length) {
        tasks = Arrays.copyOf(tasks, tasks.length * 2);
      }
      tasks[number] = task;
      handles.put(task, number);
      return number;
    }

    /** Forgets a task; false if it is not known (any more). */
    private boolean drop(int number) {
      if (number >= next || tasks[number] == null) {
        return false;
      }
      handles.remove(tasks[number]);
      unconfirmed.remove(number);
      tasks[number] = null;
      return true;
    }

    /**
     * The source that follows is of another sequence domain. Tasks that it announces go on as they
     * are, with counts that start anew; those that it never does are forgotten after a while.
     */
    void elsewhere() {
      unconfirmed.addAll(handles.values());
      forgetAtNs = System.nanoTime() + CONFIRM_NS;
    }

    private void forgetUnconfirmed() {
      if (System.nanoTime() - forgetAtNs < 0) {
        return;
      }
      for (int number : List.copyOf(unconfirmed)) {
        if (drop(number)) {
          stream.ring.exited(number, BootClock.nowNs(), TaskEvents.OUT_OF_SIGHT);
        }
      }
      unconfirmed.clear();
    }

    private void publish() {
      if (!unconfirmed.isEmpty()) {
        forgetUnconfirmed();
      }
      stream.ledger.accepted.add(accepted);
      stream.ledger.refused.add(refused);
      accepted = 0;
      refused = 0;
    }
  }

  private final Side[] sides;

  /** Calls so far; whoever watches the drain sees by it that the source is at work. */
  private final Ledger.Counter calls = new Ledger.Counter();

  /** Its thread was relieved: what a source still delivers on it is no longer wanted. */
  private volatile boolean closed;

  private final Map<Integer, Integer> slotOfTag = new HashMap<>();

  /** An intake for the streams of a source's tags. */
  Intake(Side... sides) {
    this.sides = sides.clone();
    for (int slot = 0; slot < sides.length; slot++) {
      slotOfTag.put(sides[slot].stream.tag, slot);
    }
  }

  /** Any thread. */
  long calls() {
    return calls.get();
  }

  /** Any thread: nothing is taken any more. */
  void close() {
    closed = true;
  }

  /** Whether a call is of any consequence. */
  private boolean refuses() {
    calls.add(1);
    return closed;
  }

  @Override
  public int taskStarted(TaskStart start) {
    if (refuses()) {
      return REFUSED;
    }
    Integer slot = slotOfTag.get(start.tag());
    if (slot == null) {
      return REFUSED;
    }
    Side side = sides[slot];
    Integer known = side.handles.get(start.task());
    if (known != null) {
      if (side.unconfirmed.remove(known)) {
        side.stream.ring.started(known, start);
      }
      return slot << TASK_BITS | known;
    }
    int number = side.take(start.task());
    if (number == REFUSED) {
      return REFUSED;
    }
    side.stream.ring.started(number, start);
    return slot << TASK_BITS | number;
  }

  @Override
  public void taskExecuted(int handle, Executable executable, long timestampNs) {
    if (!refuses()) {
      stream(handle).ring.executed(handle & TASK_MASK, executable, timestampNs);
    }
  }

  @Override
  public boolean event(
      int handle,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length) {
    if (refuses()) {
      return false;
    }
    Side side = sides[handle >>> TASK_BITS];
    if (side.ring.event(
        handle & TASK_MASK, hookId, sequence, timestampNs, features, offset, length)) {
      side.accepted++;
      return true;
    }
    side.refused++;
    return false;
  }

  @Override
  public void gap(int handle, long lost) {
    if (!refuses()) {
      stream(handle).ring.gap(handle & TASK_MASK, lost);
    }
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    if (refuses()) {
      return;
    }
    Side side = sides[handle >>> TASK_BITS];
    if (side.drop(handle & TASK_MASK)) {
      side.ring.exited(handle & TASK_MASK, timestampNs, Math.max(0, lastSequence));
    }
  }

  private TagStream stream(int handle) {
    return sides[handle >>> TASK_BITS].stream;
  }

  /** After each poll: moves on what was held back and wakes the scoring threads. */
  void signal() {
    for (Side side : sides) {
      side.publish();
      side.ring.letGo();
      side.stream.wakeUp();
    }
  }
}
