// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.Arrays;

/**
 * Numbers the kinds of events of a block in the order in which they first occur. Open addressing on
 * primitives: it is asked once per event.
 */
final class SymbolTable {
  private static final long FREE = -1;

  private long[] keys = new long[1 << 9];
  private int[] symbols = new int[1 << 9];
  private int size;

  SymbolTable() {
    Arrays.fill(keys, FREE);
  }

  void clear() {
    Arrays.fill(keys, FREE);
    size = 0;
  }

  int size() {
    return size;
  }

  /** The symbol; equal to the {@link #size()} before the call if it is new. */
  int symbol(int hookId, int slots) {
    long key = Integer.toUnsignedLong(hookId) << 16 | slots;
    int at = slot(key);
    if (keys[at] != FREE) {
      return symbols[at];
    }
    if (size * 2 >= keys.length) {
      grow();
      at = slot(key);
    }
    keys[at] = key;
    symbols[at] = size;
    return size++;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int at = (int) ((key * 0x9e37_79b9_7f4a_7c15L) >>> 40) & mask;
    while (keys[at] != FREE && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldSymbols = symbols;
    keys = new long[oldKeys.length * 2];
    symbols = new int[oldKeys.length * 2];
    Arrays.fill(keys, FREE);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        symbols[at] = oldSymbols[i];
      }
    }
  }
}
