// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tagwatch.player.SessionStatus;

/** Live tasks as a tree: threads under their process, processes under the one that forked them. */
final class ProcessTree {
  private final Map<Integer, SessionStatus> byThread = new HashMap<>();
  private final Map<Integer, List<SessionStatus>> children = new HashMap<>();
  private final Set<SessionStatus> shown = new HashSet<>();
  private final Table table =
      new Table("TASK", "TAG", "EVENTS", "SCORE", "HIGHEST", "VERDICT", "EXECUTABLE");

  private ProcessTree(List<SessionStatus> sessions) {
    sessions.forEach(session -> byThread.put(session.task().threadId(), session));
    sessions.forEach(
        session ->
            children.computeIfAbsent(parentOf(session), id -> new ArrayList<>()).add(session));
    children.values().forEach(list -> list.sort(order()));
  }

  static String text(List<SessionStatus> sessions) {
    ProcessTree tree = new ProcessTree(sessions);
    tree.show(0, "");
    // A reused id can close a ring of parents, which has no root; what is in it is shown all the
    // same.
    for (SessionStatus session : sessions) {
      tree.show(session, "");
    }
    return tree.table.orElse("no watched process runs");
  }

  private static Comparator<SessionStatus> order() {
    return Comparator.comparing((SessionStatus session) -> !isThread(session))
        .thenComparing(session -> session.task().threadId());
  }

  /** The thread id under which it is shown; 0 for the top. */
  private int parentOf(SessionStatus session) {
    if (isThread(session)) {
      int leader = session.process().threadId();
      return byThread.containsKey(leader) ? leader : 0;
    }
    SessionStatus parent = byThread.get(session.parentThreadId());
    if (parent == null || parent.equals(session)) {
      return 0;
    }
    int leader = parent.process().threadId();
    return byThread.containsKey(leader) ? leader : parent.task().threadId();
  }

  private static boolean isThread(SessionStatus session) {
    return !session.task().equals(session.process());
  }

  private void show(int parent, String indent) {
    children.getOrDefault(parent, List.of()).forEach(session -> show(session, indent));
  }

  private void show(SessionStatus session, String indent) {
    if (!shown.add(session)) {
      return;
    }
    int id = session.task().threadId();
    table.row(
        indent + (isThread(session) ? "{" + id + "}" : Integer.toString(id)),
        session.tag(),
        session.events(),
        session.score(),
        session.highest(),
        session.verdict(),
        session.executable().path());
    show(id, indent + "  ");
  }
}
