// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;

/**
 * Fetches behaviour images to close gaps in a session. Belongs to the scoring thread. The number of
 * fetches a second is bounded: else a task that overruns the ring could keep the scoring thread
 * busy with images instead of events.
 */
final class Past {
  private static final Logger LOG = LoggerFactory.getLogger(Past.class);
  private static final int FETCHES_PER_SECOND = 500;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int MAX_SLOT_BYTES = 2048;

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
  private final UnsafeBuffer slots = new UnsafeBuffer(new byte[MAX_SLOT_BYTES]);
  private EventSource source;
  private long second = System.nanoTime();
  private int fetched;

  Past(SymbolTable symbols, Ledger ledger, Receiver receiver) {
    this.symbols = symbols;
    this.ledger = ledger;
    this.receiver = receiver;
  }

  /** Where images come from; null if there are none. */
  void source(EventSource next) {
    source = next;
  }

  /**
   * Delivers what the image still has of the events between the session's last one and {@code
   * before}.
   *
   * @return how many stay lost
   */
  long close(Session session, long before) {
    long[] lost = new long[1];
    fetch(
        session,
        (hookId, sequence, timeNs, features, offset, length) -> {
          if (sequence <= session.sequence || sequence >= before) {
            return false;
          }
          lost[0] += missing(session, sequence);
          copy(features, offset, length);
          ledger.recovered.add(1);
          receiver.recovered(session, hookId, sequence, timeNs, slots, length);
          return true;
        });
    return lost[0] + missing(session, before);
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
    fetch(
        session,
        (hookId, sequence, timeNs, features, offset, length) -> {
          if (sequence > session.sequence && sequence < before) {
            copy(features, offset, length);
            session.recall(symbols.symbol(hookId, slots, 0, length), sequence, timeNs);
          }
          return false;
        });
  }

  private void fetch(Session session, ImageSink sink) {
    if (!mayFetch()) {
      return;
    }
    try {
      source.image(session.start.task(), sink);
    } catch (RuntimeException | LinkageError e) {
      LOG.error("the image of task {} cannot be fetched", session.start.task(), e);
    }
  }

  private boolean mayFetch() {
    if (source == null) {
      return false;
    }
    long now = System.nanoTime();
    if (now - second > SECOND_NS) {
      second = now;
      fetched = 0;
    }
    return fetched++ < FETCHES_PER_SECOND;
  }

  private void copy(ByteBuffer features, int offset, int length) {
    ByteBuffer from = features.duplicate().order(ByteOrder.nativeOrder());
    for (int i = 0; i < length; i += Short.BYTES) {
      slots.putShort(i, from.getShort(offset + i));
    }
  }
}
