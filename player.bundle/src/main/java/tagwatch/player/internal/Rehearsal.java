// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import tagwatch.player.UnknownReason;
import tagwatch.policy.Detection;

/**
 * Plays an event log through the same sessions and the same scoring as live events, and keeps the
 * highest score of each unit (a process, or a block of a long one).
 */
final class Rehearsal implements Scoring.Listener {
  /** No unit: the entry is played, its score is of no interest. */
  static final int NO_UNIT = -1;

  /** The highest score of a unit and where it was reached. */
  static final class Peak {
    float score = Float.NEGATIVE_INFINITY;
    int trace;
    long atEvent;
    AnomalyDetection detection;
  }

  private final EventLog log;
  private final Map<Integer, Peak> peaks = new HashMap<>();
  private final Map<Session, Integer> traceOf = new HashMap<>();
  private final Session[] sessions;
  private final int[] unitOf;
  private String failure = "";

  private Rehearsal(EventLog log) {
    this.log = log;
    this.sessions = new Session[log.traces().size()];
    this.unitOf = new int[log.traces().size()];
  }

  /**
   * Plays the log.
   *
   * @param units the unit of an entry, or {@link #NO_UNIT}
   * @return the peaks by unit; units that were never scored are missing
   */
  static Map<Integer, Peak> play(EventLog log, ScorerBinding binding, IntUnaryOperator units)
      throws ScorerBinding.ScoringException {
    Rehearsal rehearsal = new Rehearsal(log);
    rehearsal.run(binding, units);
    return rehearsal.peaks;
  }

  private void run(ScorerBinding binding, IntUnaryOperator units)
      throws ScorerBinding.ScoringException {
    Scoring scoring = new Scoring(new Ledger(), log.symbolTable(), this);
    scoring.recordOnly(false, List.of());
    scoring.takeOver(binding, List.of());
    for (int entry = 0; entry < log.size() && failure.isEmpty(); entry++) {
      EventLog.Trace trace = log.traceAt(entry);
      short symbol = log.symbolAt(entry);
      if (symbol == EventLog.STARTED) {
        scoring.flush();
        start(trace);
      } else if (symbol == EventLog.BROKEN) {
        scoring.flush();
        sessions[trace.number].breakContext(UnknownReason.GAP);
      } else if (symbol == EventLog.ENDED) {
        scoring.flush();
        end(trace);
      } else {
        event(scoring, trace, symbol, units.applyAsInt(entry));
      }
    }
    scoring.flush();
    if (!failure.isEmpty()) {
      throw new ScorerBinding.ScoringException(failure, null);
    }
  }

  private void start(EventLog.Trace trace) {
    Session session = new Session(trace.number, trace.start, 2 * (ModelManifest.MAX_WINDOW + 1));
    if (trace.inherits() && sessions[trace.parent.number] != null) {
      session.inherit(sessions[trace.parent.number]);
    }
    sessions[trace.number] = session;
    traceOf.put(session, trace.number);
  }

  private void end(EventLog.Trace trace) {
    Session session = sessions[trace.number];
    sessions[trace.number] = null;
    traceOf.remove(session);
    session.leaveTree();
  }

  private void event(Scoring scoring, EventLog.Trace trace, short symbol, int unit) {
    Session session = sessions[trace.number];
    if (unitOf[trace.number] != unit) {
      // a unit's last events have to be settled before the next unit's are counted
      scoring.flush();
      unitOf[trace.number] = unit;
    }
    session.executable = trace.executable;
    scoring.makeRoom(session);
    session.push(symbol, session.sequence + 1, 0);
    scoring.pushed(session);
  }

  @Override
  public void scored(Session session, long at, long timeNs, ScorerBinding by) {
    int trace = traceOf.get(session);
    int unit = unitOf[trace];
    if (unit == NO_UNIT) {
      return;
    }
    Peak peak = peaks.computeIfAbsent(unit, absent -> new Peak());
    if (session.score > peak.score) {
      peak.score = session.score;
      peak.trace = trace;
      peak.atEvent = session.sequenceAt(at);
      peak.detection =
          new AnomalyDetection(
              Detection.Cause.ANOMALY, log.tag(), session, at, timeNs, by, log.symbolTable());
    }
  }

  @Override
  public void failed(ScorerBinding binding, String reason) {
    failure = reason;
  }
}
