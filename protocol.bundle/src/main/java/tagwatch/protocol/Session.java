// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;

/** What the drain remembers of a task. Owned by the drain, except for the final fields. */
final class Session {
  final TaskKey task;
  final TaskKey process;

  /** Null if it has no tagged one, or it is not known. */
  final TaskKey parent;

  final int tag;
  final int handle;
  Executable executable;

  /** Sequence of the last event that is on some account: handed over, refused, lost or not seen. */
  long last;

  long lastTime;

  /** Executed after the event with {@link #nextAfter}, but not told yet; null if nothing is. */
  Executable next;

  long nextAfter;

  /**
   * A thread that took the name of a task over by execve, found before that was told: what is told
   * of the name until then is about the other task.
   */
  boolean early;

  Session(TaskStart start, int handle, long last) {
    this.task = start.task();
    this.process = start.process();
    this.parent = start.parent().orElse(null);
    this.tag = start.tag();
    this.handle = handle;
    this.executable = start.executable();
    this.last = last;
    this.lastTime = start.timestampNs();
  }
}
