// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tagwatch.event.TaskKey;

/**
 * The sessions of a tag: those of live tasks, and those of ended ones that still wait for a scorer.
 * Belongs to the scoring thread.
 */
final class SessionTable {
  private static final int ENDED_KEPT = 1024;

  private final Map<TaskKey, Session> byTask = new HashMap<>();
  private final ArrayDeque<Session> ended = new ArrayDeque<>();
  private Session[] byHandle = new Session[64];

  /** The live session with that handle; null if its task ended. */
  Session get(int handle) {
    return handle < byHandle.length ? byHandle[handle] : null;
  }

  Session get(TaskKey task) {
    return byTask.get(task);
  }

  void add(Session session) {
    if (session.handle >= byHandle.length) {
      byHandle = Arrays.copyOf(byHandle, Math.max(session.handle + 1, byHandle.length * 2));
    }
    byHandle[session.handle] = session;
    byTask.put(session.start.task(), session);
  }

  /** The task is gone. */
  void remove(Session session) {
    session.leaveTree();
    byHandle[session.handle] = null;
    byTask.remove(session.start.task(), session);
  }

  /**
   * Keeps an ended session whose events still wait.
   *
   * @return the one that has to go for it; null if none
   */
  Session keepEnded(Session session) {
    ended.addLast(session);
    return ended.size() > ENDED_KEPT ? ended.removeFirst() : null;
  }

  /** Forgets the ended ones that no longer wait. */
  void forgetSettled() {
    ended.removeIf(session -> session.waiting() == 0);
  }

  Collection<Session> live() {
    return byTask.values();
  }

  /** With the ended ones. */
  Collection<Session> all() {
    List<Session> all = new ArrayList<>(live());
    all.addAll(ended);
    return all;
  }
}
