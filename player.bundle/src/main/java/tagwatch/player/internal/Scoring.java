// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Collection;
import java.util.List;
import tagwatch.player.UnknownReason;

/**
 * Gives every event of a tag its surprise, in micro-batches. Events that no scorer can take now
 * stay in their session's ring and are caught up when one comes. Belongs to the scoring thread, and
 * to its successor if that one is relieved.
 */
final class Scoring {
  /** What happens with scores and with scorers that fail. */
  interface Listener {
    /** The session has a new score, from the event at that position and time. */
    void scored(Session session, long at, long timeNs, ScorerBinding by);

    /** Surprises of the session were replaced by another scorer's. */
    default void replaced(Session session, ScorerBinding by) {}

    /** The scorer failed and is out of service; its events wait. */
    void failed(ScorerBinding binding, String reason);
  }

  /** Events in one call of a scorer: few enough that a swap never waits long. */
  static final int BATCH = 64;

  private final Ledger ledger;
  private final SymbolTable symbols;
  private final Listener listener;
  private final Caller caller;
  private final Session[] sessions = new Session[BATCH];
  private final long[] times = new long[BATCH];
  private final float[] surprise = new float[BATCH];
  private int pending;
  private boolean recordOnly = true;
  private ScorerBinding binding;
  private ClassMap classes;

  Scoring(Ledger ledger, SymbolTable symbols, Listener listener) {
    this(ledger, symbols, listener, Caller.UNWATCHED);
  }

  Scoring(Ledger ledger, SymbolTable symbols, Listener listener, Caller caller) {
    this.ledger = ledger;
    this.symbols = symbols;
    this.listener = listener;
    this.caller = caller;
  }

  ScorerBinding binding() {
    return binding;
  }

  /** Whether nothing is queued. */
  boolean idle() {
    return pending == 0;
  }

  /**
   * Whether one more event of the session can be pushed without a call of the scorer; else {@link
   * #flush} comes first.
   */
  boolean takes(Session session) {
    if (pending == 0 || binding == null || recordOnly) {
      return true;
    }
    boolean whole = session.position - binding.window >= session.contextStart;
    return pending < BATCH
        && session.waiting() < session.retained()
        && (whole || session.settled == session.queued);
  }

  /** In the gate {@code learn} events are settled at once, without a score. */
  void recordOnly(boolean on, Collection<Session> all) {
    flush();
    recordOnly = on;
    if (on) {
      all.forEach(session -> abandon(session, UnknownReason.NO_SCORER));
    } else {
      all.forEach(this::advance);
    }
  }

  /** An event was pushed. */
  void pushed(Session session) {
    ledger.retained.add(1);
    if (recordOnly) {
      unknown(session, UnknownReason.NO_SCORER);
    } else if (binding != null) {
      advance(session);
    }
  }

  /** Makes room for one more event in the session's ring. */
  void makeRoom(Session session) {
    if (session.waiting() >= session.retained()) {
      flush();
      if (session.waiting() >= session.retained()) {
        unknown(session, UnknownReason.OVERWRITTEN);
      }
    }
  }

  /** Queues what the session has waiting. */
  void advance(Session session) {
    if (recordOnly) {
      return;
    }
    while (binding != null && session.queued < session.position) {
      if (pending == BATCH) {
        flush();
      } else {
        queue(session);
      }
    }
  }

  private void queue(Session session) {
    long at = session.queued;
    int window = binding.window;
    if (session.row(at, window, classes, binding.rows(), pending * (window + 1))) {
      sessions[pending] = session;
      times[pending++] = session.lastTimeNs;
      session.queued++;
    } else if (session.settled < at) {
      // what is queued comes first: positions are settled in order
      flush();
    } else {
      unknown(session, session.reasonAt(at, window));
    }
  }

  private void unknown(Session session, UnknownReason reason) {
    boolean tried = session.settled < session.refused && reason != UnknownReason.WARM_UP;
    session.settle(Float.NaN, rolling());
    session.queued = Math.max(session.queued, session.settled);
    ledger.retained.add(-1);
    ledger.unknown(tried ? UnknownReason.REFUSED : reason).add(1);
  }

  /** Gives up on all that the session has waiting. */
  void abandon(Session session, UnknownReason reason) {
    while (session.waiting() > 0) {
      unknown(session, reason);
    }
  }

  private int rolling() {
    return binding == null ? 1 : binding.rolling;
  }

  /** Scores what is queued. */
  void flush() {
    if (pending == 0) {
      return;
    }
    ScorerBinding by = binding;
    ScorerBinding.ScoringException failure = null;
    caller.enter(by);
    try {
      by.score(pending, surprise);
    } catch (ScorerBinding.ScoringException e) {
      failure = e;
    }
    caller.leave();
    if (failure != null) {
      withdraw(failure.getMessage());
    } else {
      settle(by);
    }
  }

  private void settle(ScorerBinding by) {
    int count = pending;
    pending = 0;
    ledger.retained.add(-count);
    ledger.scored.add(count);
    for (int i = 0; i < count; i++) {
      Session session = sessions[i];
      sessions[i] = null;
      long at = session.settled;
      session.diluted = by.diluted;
      session.settle(surprise[i], by.rolling);
      listener.scored(session, at, times[i], by);
    }
  }

  /** The scorer in service is out of it; what it was to score waits for the next one. */
  void withdraw(String reason) {
    int count = pending;
    pending = 0;
    for (int i = 0; i < count; i++) {
      Session session = sessions[i];
      session.refused = Math.max(session.refused, session.queued);
      session.queued = session.settled;
      sessions[i] = null;
    }
    ScorerBinding by = binding;
    binding = null;
    listener.failed(by, reason);
  }

  /** As {@link #takeOver(Understudy, Collection)} without preparation; null: nobody takes over. */
  void takeOver(ScorerBinding next, Collection<Session> all) throws ScorerBinding.ScoringException {
    takeOver(next == null ? null : new Understudy(next, symbols), all);
  }

  /**
   * Puts another scorer in service. The retained rings of all sessions are scored by it first, as
   * far as its preparation has not done that, so that no mean mixes the surprises of two models; if
   * it fails at that, it never takes over.
   *
   * @param next null to take the present one out
   * @throws ScorerBinding.ScoringException if the new one failed; the present one goes on
   */
  void takeOver(Understudy next, Collection<Session> all) throws ScorerBinding.ScoringException {
    flush();
    if (next == null) {
      binding = null;
      return;
    }
    if (!recordOnly) {
      catchUp(next, all);
    }
    binding = next.binding;
    classes = next.classes;
    for (Session session : all) {
      replace(next, session);
    }
    all.forEach(this::advance);
    flush();
  }

  private void catchUp(Understudy next, Collection<Session> some)
      throws ScorerBinding.ScoringException {
    next.calledBy(caller);
    for (Session session : some) {
      next.study(session);
    }
    next.flush();
  }

  private void replace(Understudy next, Session session) {
    session.diluted = next.binding.diluted;
    if (recordOnly) {
      session.replaceSurprises(
          session.settled, new float[session.retained()], next.binding.rolling);
      return;
    }
    long count = next.handOver(session);
    ledger.rescored.add(count);
    if (count > 0) {
      listener.replaced(session, next.binding);
    }
  }

  /** Scores the session's ring again with the present scorer, e.g. after its past was fetched. */
  void rescore(Session session) {
    flush();
    if (binding == null || recordOnly) {
      return;
    }
    Understudy again = new Understudy(binding, symbols);
    try {
      catchUp(again, List.of(session));
    } catch (ScorerBinding.ScoringException e) {
      withdraw(e.getMessage());
      return;
    }
    replace(again, session);
  }
}
