// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.List;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches behaviour images to close gaps in a session. Belongs to the scoring thread. The number of
 * fetches a second is bounded: else a task that overruns the ring could keep the scoring thread
 * busy with images instead of events.
 */
final class Past {
  private static final Logger LOG = LoggerFactory.getLogger(Past.class);
  private static final int FETCHES_PER_SECOND = 500;
  private static final long SECOND_NS = 1_000_000_000L;

  /** Receives what closes a gap and what stays open of it, in order. */
  interface Receiver {
    /** So many events are lost for good before the next one of the session. */
    void missing(Session session, long count);

    /** An event that was lost on its way and is hereby delivered. */
    void recovered(
        Session session, int hookId, long sequence, long timeNs, DirectBuffer slots, int length);
  }

  private final SymbolTable symbols;
  private final Ledger ledger;
  private final Receiver receiver;
  private final Caller caller;
  private Enforcing.Target target;
  private long second = System.nanoTime();
  private int fetched;

  Past(SymbolTable symbols, Ledger ledger, Receiver receiver, Caller caller) {
    this.symbols = symbols;
    this.ledger = ledger;
    this.receiver = receiver;
    this.caller = caller;
  }

  /** Where images come from; null if there are none. */
  void target(Enforcing.Target next) {
    target = next;
  }

  /**
   * Delivers what the image still has of the events between the session's last one and {@code
   * before}.
   *
   * @return how many stay lost
   */
  long close(Session session, long before) {
    long lost = 0;
    for (Image.Entry entry : fetch(session, new Image(session.sequence, before, true))) {
      lost += missing(session, entry.sequence());
      ledger.recovered.add(1);
      receiver.recovered(
          session, entry.hookId(), entry.sequence(), entry.timeNs(), entry.slots(), entry.length());
    }
    return lost + missing(session, before);
  }

  private long missing(Session session, long next) {
    long count = next - session.sequence - 1;
    if (count > 0) {
      receiver.missing(session, count);
    }
    return count;
  }

  /** Fills the ring of a session that was watched before with what came before {@code before}. */
  void recall(Session session, long before) {
    for (Image.Entry entry : fetch(session, new Image(session.sequence, before, false))) {
      session.recall(
          symbols.symbol(entry.hookId(), entry.slots(), 0, entry.length()),
          entry.sequence(),
          entry.timeNs());
    }
  }

  private List<Image.Entry> fetch(Session session, Image image) {
    Enforcing.Target asked = target;
    if (asked == null || !mayFetch()) {
      return List.of();
    }
    Throwable failure = null;
    caller.enter(asked);
    try {
      asked.source().image(session.start.task(), image);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    caller.leave();
    if (failure != null) {
      LOG.error("the image of task {} cannot be fetched", session.start.task(), failure);
    }
    return image.entries();
  }

  private boolean mayFetch() {
    long now = System.nanoTime();
    if (now - second > SECOND_NS) {
      second = now;
      fetched = 0;
    }
    return fetched++ < FETCHES_PER_SECOND;
  }
}
