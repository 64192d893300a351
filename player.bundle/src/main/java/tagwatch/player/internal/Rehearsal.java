// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import tagwatch.policy.Detection;

/**
 * Plays an event log and keeps the highest score of each unit (a process, or a block of a long
 * one).
 */
final class Rehearsal implements Playback.Audience {
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
  private final int[] unitOf;

  private Rehearsal(EventLog log) {
    this.log = log;
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
    rehearsal.run(new Playback(log.symbolTable(), binding, rehearsal), units);
    return rehearsal.peaks;
  }

  private void run(Playback playback, IntUnaryOperator units)
      throws ScorerBinding.ScoringException {
    for (int entry = 0; entry < log.size(); entry++) {
      EventLog.Trace trace = log.traceAt(entry);
      short symbol = log.symbolAt(entry);
      if (symbol == EventLog.STARTED) {
        playback.started(trace);
      } else if (symbol == EventLog.BROKEN) {
        playback.broken(trace);
      } else if (symbol == EventLog.ENDED) {
        playback.ended(trace);
      } else {
        int unit = units.applyAsInt(entry);
        if (unitOf[trace.number] != unit) {
          // a unit's last events have to be settled before the next unit's are counted
          playback.settle();
          unitOf[trace.number] = unit;
        }
        playback.event(trace, symbol, playback.nextSequence(trace), 0);
      }
    }
    playback.finish();
  }

  @Override
  public void scored(
      EventLog.Trace trace, Session session, long at, long timeNs, ScorerBinding by) {
    int unit = unitOf[trace.number];
    if (unit == NO_UNIT) {
      return;
    }
    Peak peak = peaks.computeIfAbsent(unit, absent -> new Peak());
    if (session.score > peak.score) {
      peak.score = session.score;
      peak.trace = trace.number;
      peak.atEvent = session.sequenceAt(at);
      peak.detection =
          new AnomalyDetection(
              Detection.Cause.ANOMALY, log.tag(), session, at, timeNs, by, log.symbolTable());
    }
  }
}
