// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An open-addressing table from non-negative keys to non-negative values. Key and value of a slot
 * lie side by side, so that a hit costs one cache line. The whole key is compared: there are no
 * false hits.
 *
 * <p>16 bytes a slot, between 1.5 and 3 slots an entry when the size was known beforehand.
 */
final class ProbeTable {
  /** Found nothing. */
  static final long MISS = -1;

  private static final long EMPTY = -1;
  private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

  /**
   * Far beyond what chance gives at this load. Keys that were chosen to collide would make filling
   * the table quadratic; they meet a multiplier that nobody could foresee.
   */
  private static final int LONGEST_PROBE = 1024;

  private long[] slots;
  private int shift;
  private int mask;
  private long multiplier = GOLDEN_RATIO;
  private int size;

  ProbeTable(int expected) {
    long capacity = 4;
    while (capacity * 2 < expected * 3L) {
      capacity *= 2;
    }
    allocate(Math.toIntExact(capacity));
  }

  /** The value of a key, or {@link #MISS}. */
  long find(long key) {
    long[] table = slots;
    int at = start(key);
    while (true) {
      long found = table[at];
      if (found == key) {
        return table[at + 1];
      }
      if (found == EMPTY) {
        return MISS;
      }
      at = (at + 2) & mask;
    }
  }

  /** Sets the value of a key. */
  void put(long key, long value) {
    if (key < 0 || value < 0) {
      throw new IllegalArgumentException("negative entry: key=" + key + " value=" + value);
    }
    int at = slotOf(key);
    while (at < 0) {
      multiplier = new SplittableRandom().nextLong() | 1;
      rehash(slots.length / 2);
      at = slotOf(key);
    }
    if (slots[at] == EMPTY) {
      slots[at] = key;
      size++;
    }
    slots[at + 1] = value;
    if (size * 3L > slots.length) {
      rehash(slots.length);
    }
  }

  int size() {
    return size;
  }

  /** Memory of the slots. */
  long bytes() {
    return 8L * slots.length;
  }

  private int start(long key) {
    // The fold brings the oldest events of a packed n-gram down to where the product mixes them.
    return (int) (((key ^ (key >>> 29)) * multiplier) >>> shift) << 1;
  }

  /** Where the key is or belongs; -1 if that is too far from its start. */
  private int slotOf(long key) {
    int at = start(key);
    for (int probe = 0; probe < LONGEST_PROBE; probe++) {
      if (slots[at] == key || slots[at] == EMPTY) {
        return at;
      }
      at = (at + 2) & mask;
    }
    return -1;
  }

  private void rehash(int capacity) {
    long[] old = slots;
    allocate(capacity);
    for (int at = 0; at < old.length; at += 2) {
      if (old[at] == EMPTY) {
        continue;
      }
      int to = start(old[at]);
      while (slots[to] != EMPTY) {
        to = (to + 2) & mask;
      }
      slots[to] = old[at];
      slots[to + 1] = old[at + 1];
    }
  }

  private void allocate(int capacity) {
    slots = new long[Math.multiplyExact(capacity, 2)];
    Arrays.fill(slots, EMPTY);
    mask = slots.length - 1;
    shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
  }
}
