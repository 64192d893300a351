// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tagwatch.player.UnknownReason;

/**
 * Gives every event of a tag its surprise, in micro-batches. Events that no scorer can take now
 * stay in their session's ring and are caught up when one comes. Belongs to the scoring thread.
 */
final class Scoring {
  /** What happens with scores and with scorers that fail. */
  interface Listener {
    /** The session has a new score, from the event at that position and time. */
    void scored(Session session, long at, long timeNs, ScorerBinding by);

    /** The scorer failed and is out of service; its events wait. */
    void failed(ScorerBinding binding, String reason);
  }

  /** Events in one call of a scorer: few enough that a swap never waits long. */
  static final int BATCH = 64;

  private final Ledger ledger;
  private final SymbolTable symbols;
  private final Listener listener;
  private final Session[] sessions = new Session[BATCH];
  private final long[] times = new long[BATCH];
  private final float[] surprise = new float[BATCH];
  private short[] rows = new short[0];
  private int pending;
  private boolean recordOnly = true;
  private ScorerBinding binding;
  private ClassMap classes;

  Scoring(Ledger ledger, SymbolTable symbols, Listener listener) {
    this.ledger = ledger;
    this.symbols = symbols;
    this.listener = listener;
  }

  ScorerBinding binding() {
    return binding;
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
    if (binding == null || recordOnly) {
      return;
    }
    int stride = binding.window + 1;
    while (session.queued < session.position) {
      long at = session.queued;
      if (session.row(at, binding.window, classes, rows, pending * stride)) {
        sessions[pending] = session;
        times[pending++] = session.lastTimeNs;
        session.queued++;
        if (pending == BATCH) {
          flush();
          if (binding == null) {
            return;
          }
        }
      } else {
        // what is queued comes first: positions are settled in order
        flush();
        if (binding == null) {
          return;
        }
        unknown(session, session.reasonAt(at, binding.window));
      }
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
    int count = pending;
    pending = 0;
    ScorerBinding by = binding;
    try {
      by.score(rows, count, surprise);
    } catch (ScorerBinding.ScoringException e) {
      putBack(count);
      binding = null;
      listener.failed(by, e.getMessage());
      return;
    }
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

  private void putBack(int count) {
    for (int i = 0; i < count; i++) {
      Session session = sessions[i];
      session.refused = Math.max(session.refused, session.queued);
      session.queued = session.settled;
      sessions[i] = null;
    }
  }

  /**
   * Puts another scorer in service. The retained rings of all sessions are scored again first, so
   * that no mean mixes the surprises of two models; if the new scorer fails at that, it never takes
   * over.
   *
   * @param next null to take the present one out
   * @throws ScorerBinding.ScoringException if the new one failed; the present one goes on
   */
  void takeOver(ScorerBinding next, Collection<Session> all) throws ScorerBinding.ScoringException {
    flush();
    if (next == null) {
      binding = null;
      return;
    }
    ClassMap nextClasses =
        new ClassMap(
            symbols,
            next.model.manifest().symbols(),
            FeatureSelection.of(next.model.manifest().features()));
    List<Rescored> rescored = new ArrayList<>(all.size());
    for (Session session : all) {
      rescored.add(
          recordOnly
              ? new Rescored(session, session.settled, new float[0])
              : rescore(session, next, nextClasses));
    }
    rows = new short[BATCH * (next.window + 1)];
    binding = next;
    classes = nextClasses;
    rescored.forEach(this::replace);
    all.forEach(this::advance);
    flush();
  }

  private void replace(Rescored done) {
    Session session = done.session;
    session.diluted = binding.diluted;
    session.replaceSurprises(done.from, done.surprises, binding.rolling);
    ledger.rescored.add(done.surprises.length);
    if (done.surprises.length > 0) {
      // what the other scorer let pass, or never saw as a whole, may be above this one's threshold
      listener.scored(session, session.settled - 1, session.lastTimeNs, binding);
    }
  }

  /** Scores the session's ring again with the present scorer, e.g. after its past was fetched. */
  void rescore(Session session) {
    flush();
    if (binding == null || recordOnly) {
      return;
    }
    try {
      replace(rescore(session, binding, classes));
    } catch (ScorerBinding.ScoringException e) {
      ScorerBinding by = binding;
      binding = null;
      listener.failed(by, e.getMessage());
    }
  }

  // lives for one swap, never compared
  @SuppressWarnings("ArrayRecordComponent")
  private record Rescored(Session session, long from, float[] surprises) {}

  private static Rescored rescore(Session session, ScorerBinding by, ClassMap classMap)
      throws ScorerBinding.ScoringException {
    long from = Math.max(session.oldest(), session.contextStart) + by.window;
    int count = (int) Math.max(0, session.settled - from);
    float[] surprises = new float[count];
    int stride = by.window + 1;
    short[] past = new short[Math.min(count, BATCH) * stride];
    float[] part = new float[Math.min(count, BATCH)];
    for (int done = 0; done < count; done += BATCH) {
      int size = Math.min(BATCH, count - done);
      for (int i = 0; i < size; i++) {
        session.row(from + done + i, by.window, classMap, past, i * stride);
      }
      by.score(past, size, part);
      System.arraycopy(part, 0, surprises, done, size);
    }
    return new Rescored(session, from, surprises);
  }
}
