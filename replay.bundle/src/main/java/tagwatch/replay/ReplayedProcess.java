// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.transport.VerdictInForce;

/** A thread group of the replay, and the verdict that it is under. */
final class ReplayedProcess {
  private final TaskKey key;
  private final ReplayedProcess parent;
  private final int tag;
  private int tasks;
  private Verdict verdict;
  private TaskKey sentenced;
  private long sinceNs;

  /** A child of a process that is under a verdict inherits it. */
  ReplayedProcess(TaskKey key, ReplayedProcess parent, int tag) {
    this.key = key;
    this.parent = parent;
    this.tag = tag;
    if (parent != null) {
      verdict = parent.verdict;
      sentenced = parent.sentenced;
      sinceNs = parent.sinceNs;
    }
  }

  TaskKey key() {
    return key;
  }

  int tag() {
    return tag;
  }

  boolean blocked() {
    return verdict != null;
  }

  void taskStarted() {
    tasks++;
  }

  /** Whether that was the last one. */
  boolean taskExited() {
    return --tasks == 0;
  }

  boolean descendsFrom(ReplayedProcess ancestor) {
    for (ReplayedProcess line = this; line != null; line = line.parent) {
      if (line == ancestor) {
        return true;
      }
    }
    return false;
  }

  void block(Verdict by, TaskKey target, long nowNs) {
    verdict = by;
    sentenced = target;
    sinceNs = nowNs;
  }

  /** Lifts the verdict if it was pronounced on that process. */
  void release(TaskKey target) {
    if (target.equals(sentenced)) {
      verdict = null;
      sentenced = null;
    }
  }

  /** Lifts the verdict, whoever it was pronounced on. */
  void release() {
    verdict = null;
    sentenced = null;
  }

  VerdictInForce inForce() {
    return new VerdictInForce(key, verdict, sinceNs);
  }
}
