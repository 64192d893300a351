// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import tagwatch.transport.EventSource;

/**
 * Tells a source which event after which one the scorer finds ordinary, so that only others hurry
 * the drain. Each pair is told about once, or again after it fell out of the memory of what was
 * told: that costs less than asking. Belongs to the scoring thread.
 */
final class Familiarity {
  private static final int REMEMBERED = 1 << 12;

  /** A score above this part of the threshold is not ordinary, whatever its last event is. */
  private static final float PART = 0.5f;

  private final int tag;
  private final SymbolTable symbols;
  private final int[] told = new int[REMEMBERED];
  private EventSource source;

  Familiarity(int tag, SymbolTable symbols) {
    this.tag = tag;
    this.symbols = symbols;
  }

  /** Another source knows nothing yet; null for none. */
  void source(EventSource next) {
    source = next;
    Arrays.fill(told, 0);
  }

  /** The event at that position was scored. */
  void scored(Session session, long at, ScorerBinding by) {
    if (source == null
        || at == 0
        || !(session.score < PART * by.threshold)
        || !(session.surpriseAt(at) < by.threshold)) {
      return;
    }
    short before = session.symbolAt(at - 1);
    short symbol = session.symbolAt(at);
    int pair = before << Short.SIZE | symbol;
    int slot = (pair * 0x9e3779b1) >>> (Integer.SIZE - 12);
    if (told[slot] != pair && before != SymbolTable.OVERFLOW && symbol != SymbolTable.OVERFLOW) {
      told[slot] = pair;
      source.familiar(tag, symbols.hookOf(before), symbols.hookOf(symbol));
    }
  }
}
