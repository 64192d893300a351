// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.player.UnknownReason;
import tagwatch.transport.EventSource;

/**
 * Fetches behaviour images to close gaps in a session. Belongs to the scoring thread. The number of
 * fetches a second is bounded: else a task that overruns the ring could keep the scoring thread
 * busy with images instead of events.
 */
final class Past {
  private static final int FETCHES_PER_SECOND = 500;
  private static final long SECOND_NS = 1_000_000_000L;

  /** Receives the symbol of an event that closes a gap. */
  interface Recovered {
    void event(short symbol);
  }

  private final SymbolTable symbols;
  private final Ledger ledger;
  private final UnsafeBuffer slots = new UnsafeBuffer(new byte[2048]);
  private EventSource source;
  private long second;
  private int fetched;

  Past(SymbolTable symbols, Ledger ledger) {
    this.symbols = symbols;
    this.ledger = ledger;
  }

  /** Where images come from; null if there are none. */
  void source(EventSource next) {
    source = next;
  }

  /**
   * Delivers what the image still has of the events between the session's last one and {@code
   * before}.
   *
   * @return how many that are
   */
  long close(Session session, long before, Recovered recovered) {
    long[] count = new long[1];
    long after = session.sequence;
    if (mayFetch()) {
      source.image(
          session.start.task(),
          (hookId, sequence, timeNs, features, offset, length) -> {
            if (sequence <= session.sequence || sequence >= before) {
              return false;
            }
            if (sequence != session.sequence + 1) {
              session.breakContext(UnknownReason.GAP);
            }
            session.sequence = sequence;
            session.lastTimeNs = timeNs;
            ledger.recovered.add(1);
            recovered.event(symbol(hookId, features, offset, length));
            count[0]++;
            return true;
          });
    }
    if (session.sequence != before - 1) {
      session.breakContext(UnknownReason.GAP);
    }
    if (count[0] == 0) {
      session.sequence = after;
    }
    return count[0];
  }

  /** Fills the ring of a session that was watched before with what came before {@code before}. */
  void recall(Session session, long before) {
    if (mayFetch()) {
      source.image(
          session.start.task(),
          (hookId, sequence, timeNs, features, offset, length) -> {
            if (sequence < before) {
              session.recall(symbol(hookId, features, offset, length));
            }
            return false;
          });
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

  private short symbol(int hookId, ByteBuffer features, int offset, int length) {
    ByteBuffer source16 = features.duplicate().order(ByteOrder.nativeOrder());
    for (int i = 0; i < length; i += Short.BYTES) {
      slots.putShort(i, source16.getShort(offset + i));
    }
    return symbols.symbol(hookId, slots, 0, length);
  }
}
