// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Collection;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskStart;

/**
 * Compares the program that each tree of tasks runs with those that the model was learned from.
 * Only the first program of a tree counts: what it starts may be anything. Belongs to the scoring
 * thread.
 */
final class Builds {
  private static final Logger LOG = LoggerFactory.getLogger(Builds.class);

  private final int tag;
  private ScorerBinding binding;
  private volatile String staleness = "";

  Builds(int tag) {
    this.tag = tag;
  }

  /** Any thread: which program is not the one that the model was learned from; empty if none. */
  String staleness() {
    return staleness;
  }

  /** Another scorer is in service; null: none. */
  void compareWith(ScorerBinding next, Collection<Session> live) {
    binding = next;
    tell(live);
  }

  /** A task came into view. */
  void started(Session session, Session parent) {
    TaskStart start = session.start;
    session.root =
        parent == null
            ? start.parent().isEmpty()
            : parent.root && parent.start.process().equals(start.process());
    session.build = parent == null ? start.executable().buildId() : parent.build;
    judge(session);
    if (session.stale && (parent == null || !parent.stale)) {
      tell(session);
    }
  }

  /** It runs another program. */
  void executed(Session session, Collection<Session> live) {
    if (session.root) {
      rebuild(session, session.executable.buildId());
      tell(live);
    }
  }

  /** A stale task ended. */
  void ended(Session session, Collection<Session> live) {
    if (session.stale) {
      tell(live);
    }
  }

  private static void rebuild(Session session, String buildId) {
    session.build = buildId;
    session.children.forEach(child -> rebuild(child, buildId));
  }

  private void judge(Session session) {
    session.stale =
        binding != null
            && !session.build.isEmpty()
            && !binding.buildIds.isEmpty()
            && !binding.buildIds.contains(session.build);
  }

  private void tell(Collection<Session> live) {
    Session stale = null;
    for (Session session : live) {
      judge(session);
      if (session.stale && (stale == null || session.root)) {
        stale = session;
      }
    }
    if (stale == null) {
      staleness = "";
    } else {
      tell(stale);
    }
  }

  private void tell(Session stale) {
    String text =
        "pid "
            + stale.start.process().threadId()
            + " runs "
            + Printable.of(stale.executable.path())
            + " with build id "
            + stale.build
            + ", model "
            + binding.model.manifest().version()
            + " was learned from "
            + String.join(", ", new TreeSet<>(binding.buildIds))
            + ": it is scored in monitor only; record and learn again";
    if (staleness.isEmpty()) {
      LOG.warn("tag {}: {}", tag, text);
    }
    staleness = text;
  }
}
