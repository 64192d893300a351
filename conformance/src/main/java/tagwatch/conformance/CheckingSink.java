// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tagwatch.event.Executable;
import tagwatch.event.Hook;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.transport.EventSink;

/** A sink that keeps to its side of the contract and notes what the source does not. */
final class CheckingSink implements EventSink {
  private static final int NOTES = 20;

  private static final class Task {
    final TaskKey key;
    long sequence;
    long timestampNs;

    Task(TaskKey key) {
      this.key = key;
    }
  }

  private final Set<Integer> hooks = new HashSet<>();
  private final Map<Integer, Task> tasks = new ConcurrentHashMap<>();
  private final List<String> violations = new ArrayList<>();
  private int nextHandle = 1;
  private long started;
  private long events;
  private long declined;
  private boolean refuseTasks;
  private boolean refuseEvents;

  CheckingSink(Vocabulary vocabulary) {
    vocabulary.hooks().stream().map(Hook::id).forEach(hooks::add);
  }

  void refuseTasks(boolean all) {
    refuseTasks = all;
  }

  void refuseEvents(boolean all) {
    refuseEvents = all;
  }

  long tasks() {
    return started;
  }

  /** Events that were handed over, accepted or not. */
  long events() {
    return events;
  }

  long accepted() {
    return events - declined;
  }

  long declined() {
    return declined;
  }

  /** Tasks that have started and not exited; any thread. */
  List<TaskKey> live() {
    return tasks.values().stream().map(task -> task.key).toList();
  }

  /** What the source did that it must not; the first ones. */
  List<String> violations() {
    return violations;
  }

  private void violation(String text) {
    if (violations.size() < NOTES) {
      violations.add(text);
    }
  }

  private Task task(int handle, String call) {
    Task task = tasks.get(handle);
    if (task == null) {
      violation(call + " with handle " + handle + ", which no live task has");
    }
    return task;
  }

  @Override
  public int taskStarted(TaskStart start) {
    started++;
    if (refuseTasks) {
      return REFUSED;
    }
    if (live().contains(start.task())) {
      violation(start.task() + " started twice");
    }
    tasks.put(nextHandle, new Task(start.task()));
    return nextHandle++;
  }

  @Override
  public void taskExecuted(int handle, Executable executable, long timestampNs) {
    task(handle, "taskExecuted");
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
    events++;
    Task task = task(handle, "event");
    if (task != null) {
      if (sequence <= task.sequence) {
        violation(task.key + ": sequence " + sequence + " after " + task.sequence);
      }
      if (timestampNs < task.timestampNs) {
        violation(task.key + ": time " + timestampNs + " after " + task.timestampNs);
      }
      task.sequence = sequence;
      task.timestampNs = timestampNs;
    }
    if (hookId <= 0 && !hooks.contains(hookId)) {
      violation("hook " + hookId);
    }
    if (length < 0 || length % 2 != 0 || offset < 0 || offset + length > features.capacity()) {
      violation("features at " + offset + ", " + length + " bytes, in " + features);
    }
    declined += refuseEvents ? 1 : 0;
    return !refuseEvents;
  }

  @Override
  public void gap(int handle, long lost) {
    if (task(handle, "gap") != null && lost <= 0) {
      violation("a gap of " + lost);
    }
  }

  @Override
  public void taskExited(int handle, long timestampNs, long lastSequence) {
    Task task = task(handle, "taskExited");
    if (task != null && lastSequence < task.sequence) {
      violation(task.key + ": last sequence " + lastSequence + " after " + task.sequence);
    }
    tasks.remove(handle);
  }

  @Override
  public String toString() {
    return started + " tasks, " + events + " events, " + declined + " declined, " + violations;
  }
}
