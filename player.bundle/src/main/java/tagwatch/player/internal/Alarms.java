// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSource;

/**
 * From a score above the threshold to the verdict in the kernel. Belongs to the scoring thread:
 * nothing lies between the score and the verdict.
 */
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  private static final Enforcement NOTHING_TO_DO =
      new Enforcement(Enforcement.Outcome.DONE, "told, nothing else was wanted");

  private static final int REHEARSALS = 100;

  /** Gaps that follow each other without one that was closed, before they are a detection. */
  private static final int GAPS_TOLERATED = 2;

  /** Gaps farther apart than so many rings of events do not belong together. */
  private static final int RINGS_BETWEEN_GAPS = 16;

  private final int tag;
  private final AlertLog log;
  private final SymbolTable symbols;
  private final Ledger.Counter raised = new Ledger.Counter();

  private volatile Gate gate = Gate.LEARN;
  private Policy policy;
  private Verdict failSafe = Verdict.ALERT;
  private EventSource source;

  Alarms(int tag, AlertLog log, SymbolTable symbols) {
    this.tag = tag;
    this.log = log;
    this.symbols = symbols;
  }

  /** Sets the gate; true if it was another one before. */
  boolean gate(Gate next) {
    boolean changes = gate != next;
    gate = next;
    return changes;
  }

  void policy(Policy next, Verdict onFailure) {
    policy = next;
    failSafe = onFailure;
  }

  void source(EventSource next) {
    source = next;
  }

  long count() {
    return raised.get();
  }

  /** A session has a new score. */
  void scored(Session session, long at, long timeNs, ScorerBinding by) {
    if (session.score > by.threshold) {
      if (!session.alarmed && !session.stopped()) {
        session.alarmed = true;
        raise(Detection.Cause.ANOMALY, session, at, timeNs, by);
      }
    } else if (session.alarmed) {
      session.alarmed = false;
    }
  }

  /** A gap in a session could not be closed. */
  void gap(Session session, ScorerBinding by) {
    // Without a limit of age a server that loses a few events a day would be stopped on the third.
    boolean apart =
        session.position - session.gapAt > (long) RINGS_BETWEEN_GAPS * session.retained();
    session.gapsInARow = apart ? 1 : session.gapsInARow + 1;
    session.gapAt = session.position;
    if (session.gapsInARow > GAPS_TOLERATED
        && gate == Gate.ENFORCE
        && !session.stopped()
        && session.position > 0) {
      session.gapsInARow = 0;
      raise(Detection.Cause.REPEATED_GAPS, session, session.position - 1, session.lastTimeNs, by);
    }
  }

  /** First what stops the process, then what tells people about it. */
  private void raise(
      Detection.Cause cause, Session session, long at, long timeNs, ScorerBinding by) {
    AnomalyDetection detection = new AnomalyDetection(cause, tag, session, at, timeNs, by, symbols);
    Gate inForce = session.stale && gate == Gate.ENFORCE ? Gate.MONITOR : gate;
    Verdict verdict = inForce == Gate.ENFORCE ? decide(detection) : Verdict.ALERT;
    Enforcement enforcement = carryOut(session, at, by.rolling, verdict);
    long decidedNs = BootClock.nowNs();
    session.alertSequence = session.sequenceAt(at);
    Alert alert =
        log.add(
            id ->
                alert(
                    id, session, detection, inForce, verdict, enforcement, decidedNs, by.rolling));
    session.alert = alert.id();
    raised.add(1);
    if (session.exited) {
      exited(session, session.exitedNs, session.exitedSequence);
    }
    LOG.warn(
        "alert {}: tag {} pid {} {} score {} above {} ({}): {} {} {}",
        alert.id(),
        tag,
        detection.process().threadId(),
        detection.executable().path(),
        detection.score(),
        detection.threshold(),
        cause.name().toLowerCase(Locale.ROOT),
        verdict,
        enforcement.outcome().name().toLowerCase(Locale.ROOT),
        enforcement.detail());
  }

  private static Alert alert(
      long id,
      Session session,
      AnomalyDetection detection,
      Gate inForce,
      Verdict verdict,
      Enforcement enforcement,
      long decidedNs,
      int rolling) {
    return new Alert(
        id,
        System.currentTimeMillis(),
        detection.named(),
        session.alertSequence,
        inForce,
        "",
        "",
        verdict,
        enforcement,
        decidedNs,
        session.scores(rolling),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /**
   * Goes through an alert that nobody sees, for a task that does not exist: the first real one
   * would else load classes while the process goes on.
   */
  void rehearse(ScorerBinding by) {
    TaskKey nobody = new TaskKey(Integer.MAX_VALUE, 1);
    TaskStart start =
        new TaskStart(
            nobody, nobody, Optional.empty(), tag, Executable.UNKNOWN, 0, TaskStart.Origin.FORKED);
    Session session = new Session(-1, start, 2 * (ModelManifest.MAX_WINDOW + 1));
    for (int i = 0; i < REHEARSALS; i++) {
      session.push(SymbolTable.OVERFLOW, i + 1, 0);
      session.settle(0, by.rolling);
      AnomalyDetection detection =
          new AnomalyDetection(
              Detection.Cause.ANOMALY, tag, session, session.position - 1, 0, by, symbols);
      Alert unseen =
          alert(0, session, detection, Gate.MONITOR, Verdict.ALERT, NOTHING_TO_DO, 0, by.rolling);
      LOG.trace("rehearsed {}", unseen);
    }
  }

  private Verdict decide(Detection detection) {
    Policy asked = policy;
    if (asked == null) {
      return failSafe;
    }
    try {
      Verdict verdict = asked.decide(detection);
      return verdict == null ? failSafe : verdict;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.error(
          "policy {} failed on a detection of tag {}; the fail-safe {} is used",
          asked.getClass().getName(),
          tag,
          failSafe,
          e);
      return failSafe;
    }
  }

  private Enforcement carryOut(Session session, long at, int rolling, Verdict verdict) {
    if (verdict.kind() == Verdict.Kind.ALERT) {
      return NOTHING_TO_DO;
    }
    Enforcement enforcement = enforce(session, verdict);
    if (session.stopped()) {
      markProcess(leaderOf(session), session, verdict);
    }
    if (verdict.scope() != Verdict.Scope.PROCESS) {
      // Children that the task made before the verdict was there do not inherit it in the kernel.
      enforceOnChildren(session, at + 1 - rolling, verdict);
    }
    return enforcement;
  }

  /** Puts a verdict on a task; a transport that fails must not cost the batch its other events. */
  private Enforcement enforce(Session session, Verdict verdict) {
    if (source == null) {
      return new Enforcement(Enforcement.Outcome.FAILED, "no transport is open for the tag");
    }
    try {
      Enforcement enforcement = source.enforce(session.start.task(), verdict);
      session.verdict = enforcement.outcome() == Enforcement.Outcome.DONE ? verdict : null;
      return enforcement;
    } catch (RuntimeException | LinkageError e) {
      LOG.error("tag {}: {} on {} failed", tag, verdict, session.start.task(), e);
      return new Enforcement(Enforcement.Outcome.FAILED, e.toString());
    }
  }

  /** Takes a descendant's verdict back at the source. */
  void lift(Session session) {
    if (source == null) {
      return;
    }
    try {
      source.release(session.start.task());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("tag {}: release of {} failed", tag, session.start.task(), e);
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

  private void enforceOnChildren(Session session, long sincePosition, Verdict verdict) {
    for (Session child : session.children) {
      if (child.forkedAt >= sincePosition && !child.exited) {
        if (!child.stopped()) {
          enforce(child, verdict);
        }
        enforceOnChildren(child, Long.MIN_VALUE, verdict);
      }
    }
  }

  /** A task whose parent is already under a verdict comes into view: forked before it, or after. */
  void forkedBy(Session parent, Session child) {
    Verdict verdict = parent.verdict;
    if (child.sameProcess(parent)) {
      child.verdict = verdict;
    } else if (verdict.scope() != Verdict.Scope.PROCESS) {
      enforce(child, verdict);
    }
  }

  /** The session's task ended. */
  void exited(Session session, long atNs, long lastSequence) {
    if (session.alert != 0) {
      // the task's end is an event of its own and no call
      log.ended(session.alert, atNs, Math.max(0, lastSequence - 1 - session.alertSequence));
    }
  }
}
