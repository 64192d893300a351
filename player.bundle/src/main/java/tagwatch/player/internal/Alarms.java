// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.transport.Enforcement;

/**
 * From a score above the threshold to the verdict in the kernel. Belongs to the scoring thread:
 * nothing lies between the score and the verdict but the rest of its micro-batch.
 */
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  static final Enforcement NOTHING_TO_DO =
      new Enforcement(Enforcement.Outcome.DONE, "told, nothing else was wanted");

  /** Gaps that follow each other without one that was closed, before they are a detection. */
  private static final int GAPS_TOLERATED = 2;

  /** Gaps farther apart than so many rings of events do not belong together. */
  private static final int RINGS_BETWEEN_GAPS = 16;

  /** A task that goes on above the threshold, e.g. because a budget was spent, is judged again. */
  private static final long AGAIN_NS = 1_000_000_000L;

  /** The policy in force, as something that is called. */
  record Judge(Policy policy, String provider) implements Shift.Callee {}

  private final int tag;
  private final AlertLog log;
  private final SymbolTable symbols;
  private final Caller caller;
  private final Enforcing enforcing;
  private final PolicyFailures failures;
  private final Ledger.Counter raised = new Ledger.Counter();
  private final ArrayDeque<Case> due = new ArrayDeque<>();
  private final ArrayDeque<Session> pursued = new ArrayDeque<>();

  private volatile Gate gate = Gate.LEARN;
  private Judge judge;
  private Verdict failSafe = Verdict.ALERT;

  /** Is told of policies that fail. */
  @FunctionalInterface
  interface PolicyFailures {
    void failed(Judge judge, String reason);
  }

  Alarms(
      int tag,
      AlertLog log,
      SymbolTable symbols,
      Caller caller,
      Enforcing enforcing,
      PolicyFailures failures) {
    this.tag = tag;
    this.log = log;
    this.symbols = symbols;
    this.caller = caller;
    this.enforcing = enforcing;
    this.failures = failures;
  }

  /** Sets the gate; true if it was another one before. */
  boolean gate(Gate next) {
    boolean changes = gate != next;
    gate = next;
    return changes;
  }

  /** Any thread. */
  Gate gate() {
    return gate;
  }

  /** Who judges from now on; null: nobody, then the fail-safe is the verdict. */
  void judge(Judge next, Verdict onFailure) {
    judge = next;
    failSafe = onFailure;
  }

  long count() {
    return raised.get();
  }

  /** Whether something waits for {@link #work}. */
  boolean idle() {
    return due.isEmpty() && pursued.isEmpty();
  }

  // What is noticed; nobody is called.

  /** A session has a new score. */
  void scored(Session session, long at, long timeNs, ScorerBinding by) {
    if (!(session.score > by.threshold)) {
      session.alarmed = false;
      return;
    }
    session.alarmedAt = at;
    if (!session.alarmed) {
      crossed(session, at, session.score, timeNs, by);
    } else if (gate == Gate.ENFORCE
        && !session.stopped()
        && !session.stale
        && System.nanoTime() - session.judgedNs > AGAIN_NS) {
      notice(Detection.Cause.ANOMALY, session, at, session.score, timeNs, by, true);
    }
  }

  /**
   * Another scorer's surprises are in the session: what the one before let pass, or never saw as a
   * whole, may be above this one's threshold.
   */
  void replaced(Session session, ScorerBinding by) {
    boolean above = session.peak > by.threshold;
    if (!above) {
      session.alarmed = false;
    } else if (!session.alarmed) {
      session.alarmedAt = session.peakAt;
      crossed(session, session.peakAt, session.peak, session.lastTimeNs, by);
    }
  }

  private void crossed(Session session, long at, float score, long timeNs, ScorerBinding by) {
    if (!session.stopped()) {
      session.alarmed = true;
      notice(Detection.Cause.ANOMALY, session, at, score, timeNs, by, false);
    }
  }

  private void notice(
      Detection.Cause cause,
      Session session,
      long at,
      float score,
      long timeNs,
      ScorerBinding by,
      boolean again) {
    session.judgedNs = System.nanoTime();
    due.add(
        new Case(
            cause,
            session,
            at,
            by,
            new AnomalyDetection(cause, tag, session, at, score, timeNs, by, symbols),
            again));
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
      notice(
          Detection.Cause.REPEATED_GAPS,
          session,
          session.position - 1,
          session.score,
          session.lastTimeNs,
          by,
          false);
    }
  }

  /** A task whose parent is already under a verdict comes into view: forked before it, or after. */
  void forkedBy(Session parent, Session child) {
    if (child.sameProcess(parent)) {
      child.verdict = parent.verdict;
    } else if (parent.verdict.scope() != Verdict.Scope.PROCESS) {
      pursued.add(child);
    }
  }

  /** A task under a verdict came into view at another source, which does not know of it. */
  void sameElsewhere(Session session) {
    if (session.stopped()) {
      pursued.add(session);
    }
  }

  /** The session's task ended. */
  void exited(Session session, long atNs, long lastSequence) {
    if (session.alert != 0) {
      // the task's end is an event of its own and no call
      log.ended(session.alert, atNs, Math.max(0, lastSequence - 1 - session.alertSequence));
    }
  }

  // What follows from it; policy and source are called.

  /** Judges what was noticed; first what stops a process, then what tells people about it. */
  int work() {
    int done = 0;
    for (Case it = due.peekFirst(); it != null; it = due.peekFirst()) {
      carryOn(it);
      due.removeFirst();
      done++;
    }
    for (Session child = pursued.peekFirst(); child != null; child = pursued.peekFirst()) {
      pursue(child);
      pursued.removeFirst();
      done++;
    }
    return done;
  }

  private void pursue(Session child) {
    Verdict verdict =
        child.stopped() ? child.verdict : child.parent == null ? null : child.parent.verdict;
    if (verdict != null && !child.exited) {
      enforcing.enforce(child, verdict);
    }
  }

  private void carryOn(Case it) {
    if (it.stage == Case.Stage.DECIDE) {
      if (it.session.stopped()) {
        return;
      }
      it.gate = it.session.stale && gate == Gate.ENFORCE ? Gate.MONITOR : gate;
      it.verdict = it.gate == Gate.ENFORCE ? decide(it.detection) : Verdict.ALERT;
      it.stage = Case.Stage.ENFORCE;
    }
    if (it.stage == Case.Stage.ENFORCE) {
      it.enforcement =
          it.verdict.kind() == Verdict.Kind.ALERT
              ? NOTHING_TO_DO
              : enforcing.enforce(it.session, it.verdict);
      it.decidedNs = BootClock.nowNs();
      it.stage = Case.Stage.ENFORCE_ON_CHILDREN;
    }
    if (it.stage == Case.Stage.ENFORCE_ON_CHILDREN) {
      if (it.verdict.kind() != Verdict.Kind.ALERT && it.verdict.scope() != Verdict.Scope.PROCESS) {
        enforcing.enforceOnChildren(it.session, it.at + 1 - it.by.rolling, it.verdict);
      }
      it.stage = Case.Stage.TELL;
    }
    tell(it);
  }

  private Verdict decide(Detection detection) {
    Judge asked = judge;
    if (asked == null) {
      return failSafe;
    }
    Verdict verdict = null;
    String failure = "gave no verdict";
    caller.enter(asked);
    try {
      verdict = asked.policy.decide(detection);
    } catch (RuntimeException | Error e) {
      failure = "threw: " + e;
    }
    caller.leave();
    if (verdict == null) {
      failures.failed(asked, failure + "; the fail-safe " + failSafe + " is used");
      return failSafe;
    }
    return verdict;
  }

  private void tell(Case it) {
    if (it.again && (it.verdict.kind() == Verdict.Kind.ALERT || !it.session.stopped())) {
      // people know already; only that it was stopped after all is new to them
      return;
    }
    Session session = it.session;
    session.alertSequence = session.sequenceAt(it.at);
    Alert alert = log.add(id -> alert(id, it));
    session.alert = alert.id();
    raised.add(1);
    if (session.exited) {
      exited(session, session.exitedNs, session.exitedSequence);
    }
    LOG.warn(
        "alert {}: tag {} pid {} {} score {} above {} ({}): {} {} {}",
        alert.id(),
        tag,
        it.detection.process().threadId(),
        Printable.of(it.detection.executable().path()),
        it.detection.score(),
        it.detection.threshold(),
        it.cause.name().toLowerCase(Locale.ROOT),
        it.verdict,
        it.enforcement.outcome().name().toLowerCase(Locale.ROOT),
        it.enforcement.detail());
  }

  static Alert alert(long id, Case it) {
    return new Alert(
        id,
        System.currentTimeMillis(),
        it.detection.named(),
        it.session.alertSequence,
        it.gate,
        "",
        "",
        it.verdict,
        it.enforcement,
        it.decidedNs,
        it.session.scores(it.by.rolling, it.at + 1),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /** The thread before this one was lost in a call: what it had begun goes on without an answer. */
  void succeed(Shift.Callee lostIn) {
    Case it = due.peekFirst();
    if (lostIn instanceof Judge && it != null && it.stage == Case.Stage.DECIDE) {
      it.verdict = failSafe;
      it.stage = Case.Stage.ENFORCE;
    } else if (lostIn instanceof Enforcing.Target && it != null && it.stage != Case.Stage.DECIDE) {
      if (it.stage == Case.Stage.ENFORCE) {
        it.enforcement =
            new Enforcement(Enforcement.Outcome.FAILED, lostIn.provider() + " did not answer");
        it.decidedNs = BootClock.nowNs();
      }
      it.stage = Case.Stage.TELL;
    } else if (lostIn instanceof Enforcing.Target && it == null && !pursued.isEmpty()) {
      pursued.removeFirst();
    }
  }
}
