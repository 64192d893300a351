// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A scorer that gets ready to take over: it scores the retained rings beside the present one, first
 * copies of them, at last what is left of them itself. It belongs to one thread at a time: the one
 * that prepares it, then the scoring thread.
 */
final class Understudy {
  /**
   * What it knows of a session: surprises of the positions from {@code from} to {@code position}.
   */
  private static final class Part {
    long from;
    long position;
    final float[] surprises;

    Part(int retained) {
      surprises = new float[retained];
    }
  }

  /** A session's ring, copied, and where its present scorer last raised an alarm (-1: nowhere). */
  record Copy(Session session, Trail trail, long settled, long alarmedAt) {
    static Copy of(Session session) {
      return new Copy(session, session.copy(), session.settled, session.alarmedAt);
    }
  }

  final ScorerBinding binding;
  final ClassMap classes;
  private final IdentityHashMap<Session, Part> parts = new IdentityHashMap<>();
  private final Part[] parted = new Part[Scoring.BATCH];
  private final long[] positions = new long[Scoring.BATCH];
  private final float[] surprise = new float[Scoring.BATCH];
  private final AtomicBoolean begun = new AtomicBoolean();
  private int pending;
  private long scored;
  private Caller caller = Caller.UNWATCHED;

  Understudy(ScorerBinding binding, SymbolTable symbols) {
    this.binding = binding;
    this.classes = ClassMap.of(binding.model.manifest(), symbols);
  }

  /** The scoring thread begins with it; false if it was given up before. */
  boolean begin() {
    return begun.compareAndSet(false, true);
  }

  /** It is no longer wanted; false if the scoring thread has begun with it. */
  boolean giveUp() {
    return begun.compareAndSet(false, true);
  }

  /** Forgets a session that has ended. */
  void forget(Session session) {
    parts.remove(session);
  }

  /** First position of the session that was not scored here; 0 if it is not known. */
  long position(Session session) {
    Part part = parts.get(session);
    return part == null ? 0 : part.position;
  }

  /** The session's anomaly score at a position, by this scorer's surprises. */
  float scoreAt(Session session, long at) {
    Part part = parts.get(session);
    double sum = 0;
    int count = 0;
    for (long p = Math.max(part.from, at + 1 - binding.rolling); p <= at; p++) {
      sum += part.surprises[(int) p & (part.surprises.length - 1)];
      count++;
    }
    return count == 0 ? Float.NaN : (float) (sum / (binding.diluted ? binding.rolling : count));
  }

  /** Who calls the scorer from now on. */
  void calledBy(Caller next) {
    caller = next;
  }

  /** Rows scored so far. */
  long scored() {
    return scored;
  }

  /** Whether the session has positions that were not scored here; the asker has to wait. */
  boolean lags(Session session) {
    Part part = parts.get(session);
    return part == null || part.position < session.settled;
  }

  /**
   * Scores what is new in a copy.
   *
   * @return rows that it took
   */
  long study(Copy copy) throws ScorerBinding.ScoringException {
    long before = scored + pending;
    study(copy.session, copy.trail, copy.settled);
    return scored + pending - before;
  }

  /** Scores what is new in a session's own ring; {@link #flush} completes it. */
  void study(Session session) throws ScorerBinding.ScoringException {
    study(session, session, session.settled);
  }

  private void study(Session session, Trail trail, long settled)
      throws ScorerBinding.ScoringException {
    Part part = parts.computeIfAbsent(session, absent -> new Part(trail.retained()));
    long first = trail.firstRow(binding.window);
    if (part.position < first || part.from < trail.contextStart + binding.window) {
      // a run of its own has begun, or the ring went on without this scorer: what was before is not
      // comparable
      part.from = first;
      part.position = Math.max(part.position, first);
    }
    part.from = Math.max(part.from, first);
    for (long at = part.position; at < settled; at++) {
      row(part, at, trail);
    }
    part.position = Math.max(part.position, settled);
  }

  private void row(Part part, long at, Trail trail) throws ScorerBinding.ScoringException {
    trail.row(at, binding.window, classes, binding.rows(), pending * (binding.window + 1));
    parted[pending] = part;
    positions[pending++] = at;
    if (pending == Scoring.BATCH) {
      flush();
    }
  }

  /** Scores what is queued. */
  void flush() throws ScorerBinding.ScoringException {
    int count = pending;
    if (count == 0) {
      return;
    }
    pending = 0;
    call(count);
    scored += count;
    for (int i = 0; i < count; i++) {
      Part part = parted[i];
      part.surprises[(int) positions[i] & (part.surprises.length - 1)] = surprise[i];
    }
  }

  private void call(int count) throws ScorerBinding.ScoringException {
    ScorerBinding.ScoringException failure = null;
    caller.enter(binding);
    try {
      binding.score(count, surprise);
    } catch (ScorerBinding.ScoringException e) {
      failure = e;
    }
    caller.leave();
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Puts its surprises in the place of the session's.
   *
   * @return how many
   */
  long handOver(Session session) {
    Part part = parts.get(session);
    long from = Math.min(Math.max(part.from, session.oldest()), session.settled);
    session.replaceSurprises(from, part.surprises, binding.rolling);
    return session.settled - from;
  }
}
