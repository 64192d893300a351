// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.concurrent.TimeUnit;
import tagwatch.event.TaskKey;

/**
 * Which processes of one tag were acted upon in the last minute. The window slides: with minutes by
 * the clock, twice the budget could be spent around the full minute.
 *
 * <p>All threads may call. The lock is held for a look through at most a minute's budget, and only
 * detections of the same tag meet at it.
 */
final class MinuteBudget {
  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

  /** Ring, oldest at {@code head}. */
  private TaskKey[] processes = new TaskKey[4];

  private long[] times = new long[4];
  private int head;
  private int size;

  /**
   * Whether the process may be acted upon. One that was acted upon in this minute may be again and
   * costs nothing: else the threads of one process would use up what is meant for many.
   *
   * @param limit of processes in any minute; may change from call to call
   */
  synchronized boolean spend(TaskKey process, long nowNs, int limit) {
    while (size > 0 && nowNs - times[head] >= MINUTE_NS) {
      processes[head] = null;
      head = (head + 1) % times.length;
      size--;
    }
    for (int i = 0; i < size; i++) {
      if (processes[(head + i) % times.length].equals(process)) {
        return limit > 0;
      }
    }
    if (size >= limit) {
      return false;
    }
    if (size == times.length) {
      grow();
    }
    int next = (head + size) % times.length;
    processes[next] = process;
    times[next] = nowNs;
    size++;
    return true;
  }

  private void grow() {
    TaskKey[] moreProcesses = new TaskKey[2 * size];
    long[] moreTimes = new long[2 * size];
    for (int i = 0; i < size; i++) {
      moreProcesses[i] = processes[(head + i) % size];
      moreTimes[i] = times[(head + i) % size];
    }
    processes = moreProcesses;
    times = moreTimes;
    head = 0;
  }
}
