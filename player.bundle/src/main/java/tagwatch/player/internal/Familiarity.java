// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a source which event after which one the scorer finds ordinary, so that only others hurry
 * the drain. Each pair is told about once, or again after it fell out of the memory of what was
 * told: that costs less than asking. Belongs to the scoring thread.
 */
final class Familiarity {
  private static final Logger LOG = LoggerFactory.getLogger(Familiarity.class);
  private static final int REMEMBERED = 1 << 12;

  /** A score above this part of the threshold is not ordinary, whatever its last event is. */
  private static final float PART = 0.5f;

  private final int tag;
  private final SymbolTable symbols;
  private final Caller caller;
  private final int[] told = new int[REMEMBERED];

  /** Pairs to be told: the source is not called while a batch is being settled. */
  private final int[] due = new int[Scoring.BATCH];

  private int dues;
  private Enforcing.Target target;

  Familiarity(int tag, SymbolTable symbols, Caller caller) {
    this.tag = tag;
    this.symbols = symbols;
    this.caller = caller;
  }

  /** Another source knows nothing yet; null for none. */
  void target(Enforcing.Target next) {
    target = next;
    dues = 0;
    Arrays.fill(told, 0);
  }

  /** Tells the source what is new. */
  void tell() {
    while (dues > 0) {
      int pair = due[--dues];
      caller.enter(target);
      try {
        target
            .source()
            .familiar(
                tag, symbols.hookOf((short) (pair >> Short.SIZE)), symbols.hookOf((short) pair));
      } catch (RuntimeException | Error e) {
        LOG.debug("the source did not want to know what is familiar", e);
      }
      caller.leave();
    }
  }

  /** The event at that position was scored. */
  void scored(Session session, long at, ScorerBinding by) {
    if (target == null
        || dues == due.length
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
      due[dues++] = pair;
    }
  }
}
