// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import tagwatch.event.TaskKey;

/** Task keys from numbers of the wire. */
final class Keys {
  private Keys() {}

  /** {@link MalformedMessageException} for numbers that name no task. */
  static TaskKey task(int tid, long startTime) {
    if (tid < 1 || startTime < 0) {
      throw new MalformedMessageException("not a task: tid=" + tid + " start=" + startTime);
    }
    return new TaskKey(tid, startTime);
  }
}
