// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSource;

/**
 * Puts verdicts on tasks and on what descends from them, through the tag's source. Belongs to the
 * scoring thread.
 */
final class Enforcing {
  private static final Logger LOG = LoggerFactory.getLogger(Enforcing.class);

  /** The open source, as something that is called. */
  record Target(EventSource source, String provider) implements Shift.Callee {}

  private final int tag;
  private final Caller caller;
  private Target target;

  Enforcing(int tag, Caller caller) {
    this.tag = tag;
    this.caller = caller;
  }

  /** Where verdicts go; null while no source is open. */
  void target(Target next) {
    target = next;
  }

  /** Puts a verdict on a task; a transport that fails must not cost the batch its other events. */
  Enforcement enforce(Session session, Verdict verdict) {
    Target asked = target;
    if (asked == null) {
      return new Enforcement(Enforcement.Outcome.FAILED, "no transport is open for the tag");
    }
    Enforcement answer;
    caller.enter(asked);
    try {
      answer = asked.source.enforce(session.start.task(), verdict);
    } catch (RuntimeException | Error e) {
      answer = new Enforcement(Enforcement.Outcome.FAILED, e.toString());
    }
    caller.leave();
    if (answer == null) {
      answer = new Enforcement(Enforcement.Outcome.FAILED, asked.provider + " gave no answer");
    }
    if (answer.outcome() == Enforcement.Outcome.FAILED) {
      LOG.error("tag {}: {} on {} failed: {}", tag, verdict, session.start.task(), answer.detail());
    }
    session.verdict = answer.outcome() == Enforcement.Outcome.DONE ? verdict : null;
    if (session.stopped()) {
      markProcess(leaderOf(session), session, verdict);
    }
    return answer;
  }

  /** Takes a descendant's verdict back at the source. */
  void lift(Session session) {
    Target asked = target;
    if (asked == null) {
      return;
    }
    String failure = "";
    caller.enter(asked);
    try {
      asked.source.release(session.start.task());
    } catch (RuntimeException | Error e) {
      failure = e.toString();
    }
    caller.leave();
    if (!failure.isEmpty()) {
      LOG.error("tag {}: release of {} failed: {}", tag, session.start.task(), failure);
    }
  }

  private static Session leaderOf(Session session) {
    Session top = session;
    while (top.parent != null && top.parent.sameProcess(session)) {
      top = top.parent;
    }
    return top;
  }

  /** A verdict is on the thread group: its other threads need none of their own. */
  private static void markProcess(Session top, Session stopped, Verdict verdict) {
    top.verdict = verdict;
    for (Session child : top.children) {
      if (child.sameProcess(stopped)) {
        markProcess(child, stopped, verdict);
      }
    }
  }

  /** Children that the task made before the verdict was there do not inherit it in the kernel. */
  void enforceOnChildren(Session session, long sincePosition, Verdict verdict) {
    for (Session child : session.children) {
      if (child.forkedAt >= sincePosition && !child.exited) {
        if (!child.stopped()) {
          enforce(child, verdict);
        }
        enforceOnChildren(child, Long.MIN_VALUE, verdict);
      }
    }
  }
}
