// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import tagwatch.event.Executable;
import tagwatch.event.TaskKey;

/** What the drain remembers of a task. Owned by the drain, except for the final fields. */
final class Session {
  final TaskKey task;
  final TaskKey process;
  final int tid;
  final long startTime;
  final int handle;
  Executable executable;

  /** Sequence of the last event that came, handed over or not. */
  long last;

  long lastTime;

  Session(TaskKey task, TaskKey process, int handle, Executable executable, long last) {
    this.task = task;
    this.process = process;
    this.tid = task.threadId();
    this.startTime = task.startTimeNs();
    this.handle = handle;
    this.executable = executable;
    this.last = last;
  }
}
