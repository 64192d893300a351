// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/**
 * The ring of a task's last events, as symbols. Positions count the events in the ring's life,
 * inherited ones included. Belongs to one thread.
 */
class Trail {
  /** Events pushed so far; the next one gets this position. */
  long position;

  /** First position of the unbroken run of events that windows may use. */
  long contextStart;

  /** The run before that one: events that wait for a scorer may still lie in it. */
  protected long previousStart;

  protected final int mask;
  private final short[] symbols;

  /** An empty ring of {@code retained} events, a power of two. */
  Trail(int retained) {
    symbols = new short[retained];
    mask = retained - 1;
  }

  /** What it holds now, for another thread. */
  Trail copy() {
    Trail copy = new Trail(symbols.length);
    copy.take(this);
    return copy;
  }

  /** Takes over all that another one of the same size holds. */
  final void take(Trail from) {
    System.arraycopy(from.symbols, 0, symbols, 0, symbols.length);
    position = from.position;
    contextStart = from.contextStart;
    previousStart = from.previousStart;
  }

  final void append(short symbol) {
    symbols[(int) position & mask] = symbol;
    position++;
  }

  final int retained() {
    return symbols.length;
  }

  final short symbolAt(long at) {
    return symbols[(int) at & mask];
  }

  /** First position that the ring still holds. */
  final long oldest() {
    return Math.max(0, position - symbols.length);
  }

  /** First position of the present run that has a whole window. */
  final long firstRow(int window) {
    return Math.max(oldest(), contextStart) + window;
  }

  /** First event of the run that a position lies in. */
  final long runStart(long at) {
    return at >= contextStart ? contextStart : previousStart;
  }

  /** Writes the row whose last event is at {@code at}; returns false if its window is not whole. */
  final boolean row(long at, int window, ClassMap classes, short[] rows, int offset) {
    if (at - window < runStart(at) || at - window < oldest()) {
      return false;
    }
    for (int i = 0; i <= window; i++) {
      rows[offset + i] = classes.classOf(symbols[(int) (at - window + i) & mask]);
    }
    return true;
  }
}
