// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import tagwatch.player.PlayerException;
import tagwatch.player.ShadowStatus;

/**
 * A model that scores what the incumbent scores, on a thread of its own that is never in the way:
 * it follows copies of the retained rings, and misses what it is too slow for. What it would have
 * raised an alarm about is compared with what the incumbent did.
 */
final class Shadow {
  private static final long LOOK_NS = 20_000_000L;
  private static final int CHUNK = 256;
  private static final int ENDED_KEPT = 4096;
  private static final long PATIENCE_MS = 2_000;

  /** The incumbent may need some more events, or a moment, for the same alarm. */
  private static final int EVENTS_OF_GRACE = 64;

  private static final long GRACE_NS = 2_000_000_000L;

  /** Is told when the model is not fit to be promoted. */
  interface Judge {
    /** Out of shadow; the thread has ended or is lost. */
    void withdrawn(Shadow shadow, String reason);
  }

  /** What is known of a session. */
  private static final class Seen {
    boolean above;
    long crossedAt = -1;
    long crossedNs;
    long alarmedAt = -1;
  }

  final StoredModel model;
  final ScorerBinding binding;
  private final TagStream stream;
  private final int unsharedAllowed;
  private final Judge judge;
  private final Understudy understudy;
  private final IdentityHashMap<Session, Seen> seen = new IdentityHashMap<>();
  private final Queue<Understudy.Copy> ended = new ArrayBlockingQueue<>(ENDED_KEPT);
  private final WatchedThread thread;
  private final long sinceMs = System.currentTimeMillis();
  private volatile boolean closing;
  private volatile long scored;
  private volatile long missed;
  private volatile long alarms;
  private volatile long unshared;

  /**
   * @param binding open and warm; belongs to the shadow until it is {@link #release released}
   * @param unsharedAllowed so many alarms that the incumbent does not share are tolerated
   */
  Shadow(TagStream stream, ScorerBinding binding, int unsharedAllowed, Judge judge) {
    this.stream = stream;
    this.model = binding.model;
    this.binding = binding;
    this.unsharedAllowed = unsharedAllowed;
    this.judge = judge;
    this.understudy = new Understudy(binding, stream.symbols());
    this.understudy.calledBy(WatchedThread.CALLER);
    this.thread = new WatchedThread(this::follow, "tagwatch-shadow-" + stream.tag);
  }

  void start() throws PlayerException {
    stream.endings((session, settled) -> noteEnd(Understudy.Copy.of(session)));
    thread.start();
  }

  @SuppressWarnings(
      "NonAtomicVolatileUpdate") // the scoring thread; the figure may be short by a few
  private void noteEnd(Understudy.Copy copy) {
    if (!ended.offer(copy)) {
      missed += copy.settled();
    }
  }

  /** Any thread. */
  ShadowStatus status() {
    return new ShadowStatus(sinceMs, scored, missed, alarms, unshared, binding.rowNs());
  }

  private void follow() {
    String reason = "";
    try {
      while (!closing && reason.isEmpty()) {
        reason = round();
        LockSupport.parkNanos(LOOK_NS);
      }
    } catch (Shift.Relieved e) {
      // whoever relieved it has told
      binding.returned();
      return;
    } catch (ScorerBinding.ScoringException | PlayerException | RuntimeException e) {
      reason = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    if (!closing) {
      judge.withdrawn(this, reason);
    }
  }

  /** Follows once; returns why the model is to be withdrawn, empty if it is not. */
  private String round() throws PlayerException, ScorerBinding.ScoringException {
    for (Understudy.Copy copy = ended.poll(); copy != null; copy = ended.poll()) {
      study(List.of(copy));
      settle(seen.remove(copy.session()), copy.trail().retained());
      understudy.forget(copy.session());
    }
    List<Session> sessions = stream.sessions();
    for (int from = 0; from < sessions.size() && !closing; from += CHUNK) {
      List<Session> chunk = sessions.subList(from, Math.min(from + CHUNK, sessions.size()));
      study(stream.copies(chunk, understudy::lags, null));
    }
    settleOld();
    return unshared <= unsharedAllowed
        ? ""
        : unshared
            + " alarms that the incumbent does not share, allowed are "
            + unsharedAllowed
            + " (field 'shadowAlarms' of the tag)";
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone
  private void study(List<Understudy.Copy> copies) throws ScorerBinding.ScoringException {
    List<Long> before = new ArrayList<>(copies.size());
    for (Understudy.Copy copy : copies) {
      long position = understudy.position(copy.session());
      long first = copy.trail().firstRow(binding.window);
      missed += position > 0 ? Math.max(0, first - position) : 0;
      before.add(Math.max(position, first));
      understudy.study(copy);
    }
    understudy.flush();
    scored = understudy.scored();
    for (int i = 0; i < copies.size(); i++) {
      look(copies.get(i), before.get(i));
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone
  private void look(Understudy.Copy copy, long from) {
    Seen it = seen.computeIfAbsent(copy.session(), absent -> new Seen());
    it.alarmedAt = copy.alarmedAt();
    for (long at = from; at < copy.settled(); at++) {
      boolean above = understudy.scoreAt(copy.session(), at) > binding.threshold;
      if (above && !it.above) {
        alarms++;
        if (it.crossedAt < 0) {
          it.crossedAt = at;
          it.crossedNs = System.nanoTime();
        }
      }
      it.above = above;
    }
    if (it.crossedAt >= 0 && copy.settled() > it.crossedAt + EVENTS_OF_GRACE) {
      settle(it, copy.trail().retained());
    }
  }

  private void settleOld() {
    for (Iterator<Seen> all = seen.values().iterator(); all.hasNext(); ) {
      Seen it = all.next();
      if (it.crossedAt >= 0 && System.nanoTime() - it.crossedNs > GRACE_NS) {
        settle(it, stream.retained());
      }
    }
  }

  /** Decides whether an alarm was shared. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone
  private void settle(Seen it, int retained) {
    if (it != null && it.crossedAt >= 0) {
      if (it.alarmedAt < 0 || it.alarmedAt < it.crossedAt - retained) {
        unshared++;
      }
      it.crossedAt = -1;
    }
  }

  /** Any thread: whether it has been in one call for so long; then its thread is lost. */
  boolean relieve(long afterNs) {
    if (thread.shift.relieve(afterNs) == null) {
      return false;
    }
    closing = true;
    binding.abandon();
    thread.interrupt();
    return true;
  }

  /**
   * Ends it and waits until its thread has left the scorer, which is the caller's then; one that
   * does not come back is left to its thread.
   */
  void release() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      stream.endings((session, settled) -> {});
      if (thread != Thread.currentThread()) {
        thread.join(PATIENCE_MS);
      }
    } catch (PlayerException e) {
      // the stream has ended, and nobody tells of endings any more
      closing = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    relieve(0);
  }
}
