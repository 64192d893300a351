// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
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

  /** The producer's side of a stream: outlives sources. */
  static final class Side {
    final TagStream stream;
    private final Map<TaskKey, Integer> handles = new HashMap<>();
    private TaskKey[] tasks = new TaskKey[64];
    private int next;

    Side(TagStream stream) {
      this.stream = stream;
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
        tasks = java.util.Arrays.copyOf(tasks, tasks.length * 2);
      }
      tasks[number] = task;
      handles.put(task, number);
      return number;
    }

    private void drop(int number) {
      handles.remove(tasks[number]);
      tasks[number] = null;
    }

    /** Ends all tasks: a source of another sequence domain does not know them. */
    void endAll(long timeNs) {
      for (int number : handles.values()) {
        stream.ring.exited(number, timeNs, 0);
      }
      handles.clear();
      stream.wakeUp();
    }
  }

  private final Side[] sides;
  private final Map<Integer, Integer> slotOfTag = new HashMap<>();

  /** An intake for the streams of a source's tags. */
  Intake(Side... sides) {
    this.sides = sides.clone();
    for (int slot = 0; slot < sides.length; slot++) {
      slotOfTag.put(sides[slot].stream.tag, slot);
    }
  }

  @Override
  public int taskStarted(TaskStart start) {
    Integer slot = slotOfTag.get(start.tag());
    if (slot == null) {
      return REFUSED;
    }
    Side side = sides[slot];
    Integer known = side.handles.get(start.task());
    if (known != null) {
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
    stream(handle).ring.executed(handle & TASK_MASK, executable, timestampNs);
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
    TagStream stream = stream(handle);
    boolean accepted =
        stream.ring.event(
            handle & TASK_MASK, hookId, sequence, timestampNs, features, offset, length);
    (accepted ? stream.ledger.accepted : stream.ledger.refused).add(1);
    return accepted;
  }

  @Override
  public void gap(int handle, long lost) {
    stream(handle).ring.gap(handle & TASK_MASK, lost);
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    Side side = sides[handle >>> TASK_BITS];
    side.drop(handle & TASK_MASK);
    side.stream.ring.exited(handle & TASK_MASK, timestampNs, lastSequence);
  }

  private TagStream stream(int handle) {
    return sides[handle >>> TASK_BITS].stream;
  }

  /** After each poll: moves on what was held back and wakes the scoring threads. */
  void signal() {
    for (Side side : sides) {
      side.stream.ring.letGo();
      side.stream.wakeUp();
    }
  }
}
