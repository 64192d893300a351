// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import tagwatch.player.Accounting;
import tagwatch.player.UnknownReason;

/** Recorded tasks in the same sessions and the same scoring as live ones, fork by fork. */
final class Playback implements TagReading.Sink, Scoring.Listener {
  /** Is told of each score. */
  interface Audience {
    /** The task has a new score, from the event at that position and time. */
    void scored(EventLog.Trace trace, Session session, long at, long timeNs, ScorerBinding by);
  }

  private final Ledger ledger = new Ledger();
  private final Scoring scoring;
  private final Audience audience;
  private final Int2ObjectHashMap<Session> sessions = new Int2ObjectHashMap<>();
  private final Map<Session, EventLog.Trace> traceOf = new HashMap<>();
  private String failure = "";

  Playback(SymbolTable symbols, ScorerBinding binding, Audience audience)
      throws ScorerBinding.ScoringException {
    this.audience = audience;
    this.scoring = new Scoring(ledger, symbols, this);
    scoring.recordOnly(false, List.of());
    scoring.takeOver(binding, List.of());
  }

  @Override
  public void started(EventLog.Trace trace) {
    settle();
    Session session = new Session(trace.number, trace.start, 2 * (ModelManifest.MAX_WINDOW + 1));
    Session parent = trace.inherits() ? sessions.get(trace.parent.number) : null;
    if (parent != null) {
      session.inherit(parent);
    }
    sessions.put(trace.number, session);
    traceOf.put(session, trace);
  }

  @Override
  public void event(EventLog.Trace trace, short symbol, long sequence, long timeNs) {
    if (!failure.isEmpty()) {
      return;
    }
    Session session = sessions.get(trace.number);
    session.executable = trace.executable;
    scoring.makeRoom(session);
    session.push(symbol, sequence, timeNs);
    scoring.pushed(session);
  }

  @Override
  public void broken(EventLog.Trace trace) {
    settle();
    sessions.get(trace.number).breakContext(UnknownReason.GAP);
  }

  @Override
  public void ended(EventLog.Trace trace) {
    settle();
    Session session = sessions.remove(trace.number);
    traceOf.remove(session);
    session.leaveTree();
  }

  /** The count that the task's next event gets if nothing is missing before it. */
  long nextSequence(EventLog.Trace trace) {
    return sessions.get(trace.number).sequence + 1;
  }

  /** Scores what is queued. */
  void settle() {
    scoring.flush();
  }

  /** Scores what is queued; throws if the scorer failed on anything so far. */
  void finish() throws ScorerBinding.ScoringException {
    settle();
    failIfBroken();
  }

  /** Throws if the scorer failed on anything so far. */
  void failIfBroken() throws ScorerBinding.ScoringException {
    if (!failure.isEmpty()) {
      throw new ScorerBinding.ScoringException(failure, null);
    }
  }

  /** What got a score and what did not. */
  Accounting accounting() {
    return ledger.snapshot();
  }

  @Override
  public void scored(Session session, long at, long timeNs, ScorerBinding by) {
    audience.scored(traceOf.get(session), session, at, timeNs, by);
  }

  @Override
  public void failed(ScorerBinding binding, String reason) {
    failure = reason;
  }
}
