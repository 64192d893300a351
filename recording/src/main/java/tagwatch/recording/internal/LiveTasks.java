// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.Arrays;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;

/** The tasks of a recording that have started and not exited, by their number in it. */
final class LiveTasks {
  private TaskStart[] starts = new TaskStart[64];

  /** The task's start with its current program; null if the number is free. */
  TaskStart get(int task) {
    return task >= 0 && task < starts.length ? starts[task] : null;
  }

  void put(int task, TaskStart start) {
    if (task >= starts.length) {
      starts = Arrays.copyOf(starts, Math.max(starts.length * 2, task + 1));
    }
    starts[task] = start;
  }

  void remove(int task) {
    starts[task] = null;
  }

  void executed(int task, Executable executable) {
    starts[task] = as(starts[task], executable, starts[task].origin());
  }

  static TaskStart as(TaskStart start, Executable executable, TaskStart.Origin origin) {
    return new TaskStart(
        start.task(),
        start.process(),
        start.parent(),
        start.tag(),
        executable,
        start.timestampNs(),
        origin);
  }
}
