// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import tagwatch.event.Executable;
import tagwatch.event.TaskKey;

/** What the drain remembers of a task. Owned by the drain, except for the final fields. */
final class Session {
  final TaskKey task;
  final TaskKey process;
  final int tag;
  final int handle;
  Executable executable;

  /** Sequence of the last event that is on some account: handed over, refused, lost or not seen. */
  long last;

  long lastTime;

  /** Executed after the event with {@link #nextAfter}, but not told yet; null if nothing is. */
  Executable next;

  long nextAfter;

  Session(TaskKey task, TaskKey process, int tag, int handle, Executable executable, long last) {
    this.task = task;
    this.process = process;
    this.tag = tag;
    this.handle = handle;
    this.executable = executable;
    this.last = last;
  }
}
