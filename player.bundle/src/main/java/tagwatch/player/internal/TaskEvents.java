// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Queue;
import org.agrona.DirectBuffer;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.player.UnknownReason;

/**
 * What the drain's messages do to the sessions of a tag. While the ring is read no provider is
 * called: a message that would need one stays in the ring until {@link #putInTurn} or a flush has
 * made it acceptable. So a thread that is lost in a provider leaves a ring that can be read on.
 *
 * <p>Belongs to the scoring thread.
 */
final class TaskEvents implements EventRing.Picky, Past.Receiver {
  /** In place of an exit's last sequence: the task goes on, but its source does not. */
  static final long OUT_OF_SIGHT = -1;

  private final int retained;
  private final SessionTable table;
  private final SymbolTable symbols;
  private final Ledger ledger;
  private final Scoring scoring;
  private final Alarms alarms;
  private final Builds builds;
  private final Queue<Integer> freeHandles;
  private Past past;
  private RecordingTap tap;
  private Endings endings = (session, settled) -> {};
  private Session outOfTurn;
  private long outOfTurnAt;
  private long taken;

  /** Is told of tasks that end, with their rings as they are then. */
  @FunctionalInterface
  interface Endings {
    void ended(Session session, long settled);
  }

  TaskEvents(
      int retained,
      SessionTable table,
      SymbolTable symbols,
      Ledger ledger,
      Scoring scoring,
      Alarms alarms,
      Builds builds,
      Queue<Integer> freeHandles) {
    this.retained = retained;
    this.table = table;
    this.symbols = symbols;
    this.ledger = ledger;
    this.scoring = scoring;
    this.alarms = alarms;
    this.builds = builds;
    this.freeHandles = freeHandles;
  }

  /** Where images come from; set once. */
  void past(Past images) {
    past = images;
  }

  RecordingTap tap() {
    return tap;
  }

  void tap(RecordingTap next) {
    tap = next;
  }

  void endings(Endings listener) {
    endings = listener;
  }

  /** Events taken since the last question. */
  long taken() {
    long count = taken;
    taken = 0;
    return count;
  }

  // What can be taken now.

  @Override
  public boolean takesEvent(int handle, long sequence) {
    Session session = table.get(handle);
    if (session == null) {
      return true;
    }
    boolean seen = session.anySequence && sequence <= session.sequence;
    if (seen || sequence == session.sequence + 1) {
      return scoring.takes(session);
    }
    outOfTurn = session;
    outOfTurnAt = sequence;
    return false;
  }

  @Override
  public boolean takesControl() {
    return scoring.idle();
  }

  @Override
  public boolean takesMore() {
    return alarms.idle();
  }

  // Events.

  @Override
  public void event(
      int handle, int hookId, long sequence, long timeNs, DirectBuffer buffer, int at, int length) {
    taken++;
    Session session = table.get(handle);
    // null: a source that goes on about a task that it said had ended
    if (session == null || (session.anySequence && sequence <= session.sequence)) {
      ledger.duplicates.add(1);
      return;
    }
    session.anySequence = true;
    push(session, hookId, sequence, timeNs, buffer, at, length);
  }

  private void push(
      Session session,
      int hookId,
      long sequence,
      long timeNs,
      DirectBuffer buffer,
      int at,
      int length) {
    scoring.makeRoom(session);
    session.push(symbols.symbol(hookId, buffer, at, length), sequence, timeNs);
    scoring.pushed(session);
    if (tap != null) {
      tap.event(session.handle, hookId, sequence, timeNs, buffer, at, length);
    }
  }

  @Override
  public void recovered(
      Session session, int hookId, long sequence, long timeNs, DirectBuffer slots, int length) {
    push(session, hookId, sequence, timeNs, slots, 0, length);
  }

  @Override
  public void missing(Session session, long count) {
    scoring.flush();
    session.breakContext(UnknownReason.GAP);
    ledger.gaps.add(count);
    if (tap != null) {
      tap.gap(session.handle, count);
    }
  }

  /** Whether an event lies in the ring that has to be {@link #putInTurn put in turn} first. */
  boolean isOutOfTurn() {
    return outOfTurn != null;
  }

  /** Deals with what is missing before the event at which the ring was left; calls providers. */
  void putInTurn() {
    Session session = outOfTurn;
    long sequence = outOfTurnAt;
    scoring.flush();
    if (!session.anySequence) {
      resume(session, sequence);
    } else {
      close(session, sequence);
    }
    session.sequence = sequence - 1;
    session.anySequence = true;
    outOfTurn = null;
  }

  private void close(Session session, long sequence) {
    if (session.announcedLoss > 0 && session.announcedAfter == session.sequence) {
      session.sequence += Math.min(session.announcedLoss, sequence - session.sequence - 1);
      session.announcedLoss = 0;
    }
    if (sequence > session.sequence + 1) {
      if (past.close(session, sequence) > 0) {
        gapAlarm(session);
      } else {
        session.gapsInARow = 0;
      }
    }
  }

  /** First event of a task that was watched before: what came before it is context. */
  private void resume(Session session, long sequence) {
    past.recall(session, sequence);
    if (session.sequence != sequence - 1) {
      session.breakContext(UnknownReason.WARM_UP);
    }
    scoring.rescore(session);
  }

  private void gapAlarm(Session session) {
    ScorerBinding binding = scoring.binding();
    if (binding != null) {
      alarms.gap(session, binding);
    }
  }

  @Override
  public void gap(int handle, long lost) {
    Session session = table.get(handle);
    if (session == null || lost <= 0) {
      return;
    }
    missing(session, lost);
    session.announcedLoss =
        lost + (session.announcedAfter == session.sequence ? session.announcedLoss : 0);
    session.announcedAfter = session.sequence;
    gapAlarm(session);
  }

  // Tasks.

  @Override
  public void started(int handle, TaskStart start) {
    Session known = table.get(handle);
    if (known != null) {
      elsewhere(known);
      return;
    }
    Session session = new Session(handle, start, retained);
    session.anySequence = start.origin() != Origin.RESUMED;
    Session parent = start.parent().map(table::get).orElse(null);
    builds.started(session, parent);
    if (parent != null && start.origin() == Origin.FORKED) {
      session.inherit(parent);
      if (parent.stopped()) {
        alarms.forkedBy(parent, session);
      }
    }
    table.add(session);
    if (tap != null) {
      tap.started(handle, start);
    }
  }

  /**
   * A task that is known comes into view at a source of another sequence domain: session and
   * verdict stay, its count starts anew.
   */
  private void elsewhere(Session session) {
    session.breakContext(UnknownReason.WARM_UP);
    session.sequence = 0;
    session.anySequence = false;
    session.announcedLoss = 0;
    alarms.sameElsewhere(session);
  }

  @Override
  public void executed(int handle, Executable executable, long timeNs) {
    Session session = table.get(handle);
    if (session == null) {
      return;
    }
    session.executable = executable;
    builds.executed(session, table.live());
    if (tap != null) {
      tap.executed(handle, executable, timeNs);
    }
  }

  @Override
  public void exited(int handle, long timeNs, long lastSequence) {
    Session session = table.get(handle);
    if (session == null) {
      return;
    }
    long last = Math.max(lastSequence, session.sequence);
    if (session.anySequence && last > session.sequence) {
      ledger.gaps.add(last - session.sequence - unseenAnnounced(session));
    }
    if (tap != null) {
      tap.exited(handle, timeNs, last);
    }
    if (lastSequence != OUT_OF_SIGHT) {
      session.exited = true;
      session.exitedNs = timeNs;
      session.exitedSequence = last;
      alarms.exited(session, timeNs, last);
    }
    table.remove(session);
    freeHandles.add(handle);
    endings.ended(session, session.settled);
    if (session.waiting() > 0) {
      keepEnded(session);
    }
    builds.ended(session, table.live());
  }

  private static long unseenAnnounced(Session session) {
    return session.announcedAfter == session.sequence ? session.announcedLoss : 0;
  }

  private void keepEnded(Session session) {
    Session tooMany = table.keepEnded(session);
    if (tooMany != null) {
      scoring.abandon(tooMany, UnknownReason.NO_SCORER);
    }
  }
}
