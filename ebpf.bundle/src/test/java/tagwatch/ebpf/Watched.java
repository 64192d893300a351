// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.transport.EventSink;

/** A sink that remembers everything and checks the order in which it is called. */
final class Watched implements EventSink {
  /** One event with its feature slots. */
  record Seen(int id, long sequence, long time, List<Integer> features) {}

  /** One session. */
  static final class Task {
    final TaskStart start;
    final List<Seen> events = new ArrayList<>();
    final List<Executable> executed = new ArrayList<>();
    long lastSequence = -1;

    Task(TaskStart start) {
      this.start = start;
    }

    boolean exited() {
      return lastSequence >= 0;
    }

    boolean contiguous() {
      for (int i = 1; i < events.size(); i++) {
        if (events.get(i).sequence() != events.get(i - 1).sequence() + 1) {
          return false;
        }
      }
      return true;
    }

    List<Seen> of(int id) {
      return events.stream().filter(event -> event.id() == id).toList();
    }
  }

  final List<Task> tasks = new ArrayList<>();
  long accepted;
  boolean full;

  @Override
  public int taskStarted(TaskStart start) {
    tasks.add(new Task(start));
    return tasks.size() - 1;
  }

  @Override
  public void taskExecuted(int handle, Executable executable, long timestampNs) {
    task(handle).executed.add(executable);
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
    Task task = task(handle);
    if (full) {
      return false;
    }
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < length; i += 2) {
      slots.add(Short.toUnsignedInt(features.getShort(offset + i)));
    }
    task.events.add(new Seen(hookId, sequence, timestampNs, slots));
    accepted++;
    return true;
  }

  @Override
  public void gap(int handle, long lost) {
    task(handle);
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    task(handle).lastSequence = lastSequence;
  }

  /** A call about a session that has ended is the source's mistake. */
  private Task task(int handle) {
    Task task = tasks.get(handle);
    if (task.exited()) {
      throw new AssertionError("session " + handle + " is used after its end");
    }
    return task;
  }

  Task process(long pid) {
    return find(task -> task.start.task().threadId() == pid);
  }

  Task find(Predicate<Task> condition) {
    for (int i = tasks.size() - 1; i >= 0; i--) {
      if (condition.test(tasks.get(i))) {
        return tasks.get(i);
      }
    }
    return null;
  }

  boolean exited(long pid) {
    Task task = process(pid);
    return task != null && task.exited();
  }

  boolean allExited() {
    return tasks.stream().allMatch(Task::exited);
  }
}
