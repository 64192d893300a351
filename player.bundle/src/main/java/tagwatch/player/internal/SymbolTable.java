// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import tagwatch.event.Feature;
import tagwatch.event.Vocabulary;

/**
 * Numbers each distinct pair of hook and feature slots, so that a session keeps 16 bits an event
 * and a model's classes are found by one look into an array.
 *
 * <p>A symbol stays for the life of the table. The table is bounded: once it is full, a new pair
 * gets the symbol of its hook without features, and a new hook {@link #OVERFLOW}, which no model
 * knows.
 *
 * <p>One thread adds. {@link #name} and {@link #size} may be called by any thread that got the
 * symbol through something that orders memory.
 */
final class SymbolTable {
  /** Symbol of everything that came after the table was full. */
  static final short OVERFLOW = 0;

  private static final int LIMIT = Short.MAX_VALUE;

  /** Kept free of pairs, so that each hook still finds room for a symbol of its own. */
  private static final int RESERVED_FOR_HOOKS = 4096;

  private static final int NO_SLOTS = -1;

  // compared through the table's own keys, never by equals
  /** A numbered pair. Slots are kept unsigned in declared order. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Symbol(int hookId, short[] slots) {}

  private final Vocabulary vocabulary;
  private volatile Symbol[] symbols = new Symbol[1024];
  private volatile int size;
  private int[] hooks;
  private int[] lengths;
  private long[] firstSlots;
  private short[] numbers;
  private int used;

  SymbolTable(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    allocate(1024);
    append(new Symbol(0, new short[0]));
  }

  /** The vocabulary that names the hooks. */
  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** How many symbols there are. */
  int size() {
    return size;
  }

  /** The symbol of an event. */
  short symbol(int hookId, DirectBuffer buffer, int at, int length) {
    // Slots beyond the fourth do not tell symbols apart: a source with wider hooks has to put what
    // models use into the first four.
    int bytes = Math.min(length, Long.BYTES);
    long first = bytes == Long.BYTES ? buffer.getLong(at) : firstSlots(buffer, at, bytes);
    return symbol(hookId, first, bytes);
  }

  private static long firstSlots(DirectBuffer buffer, int at, int bytes) {
    long first = 0;
    for (int i = 0; i + 1 < bytes; i += Short.BYTES) {
      first |= (buffer.getShort(at + i) & 0xffffL) << (i * Byte.SIZE);
    }
    return first;
  }

  private short symbol(int hookId, long first, int bytes) {
    int mask = hooks.length - 1;
    for (int i = hash(hookId, first) & mask; ; i = (i + 1) & mask) {
      if (numbers[i] == 0) {
        return add(hookId, first, bytes);
      }
      if (hooks[i] == hookId && firstSlots[i] == first && lengths[i] == bytes) {
        return numbers[i];
      }
    }
  }

  private short add(int hookId, long first, int bytes) {
    int room = (bytes == NO_SLOTS ? LIMIT : LIMIT - RESERVED_FOR_HOOKS) - size;
    if (room <= 0) {
      return bytes == NO_SLOTS ? OVERFLOW : symbol(hookId, 0, NO_SLOTS);
    }
    short[] slots = new short[Math.max(0, bytes) / Short.BYTES];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = (short) (first >>> (i * Short.SIZE));
    }
    short number = (short) size;
    append(new Symbol(hookId, slots));
    insert(hookId, first, bytes, number);
    if (2 * used > hooks.length) {
      grow();
    }
    return number;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread adds
  private void append(Symbol symbol) {
    if (size == symbols.length) {
      symbols = Arrays.copyOf(symbols, 2 * size);
    }
    symbols[size] = symbol;
    size++;
  }

  private void insert(int hookId, long first, int bytes, short number) {
    int mask = hooks.length - 1;
    int i = hash(hookId, first) & mask;
    while (numbers[i] != 0) {
      i = (i + 1) & mask;
    }
    hooks[i] = hookId;
    firstSlots[i] = first;
    lengths[i] = bytes;
    numbers[i] = number;
    used++;
  }

  private void grow() {
    int[] oldHooks = hooks;
    long[] oldSlots = firstSlots;
    int[] oldLengths = lengths;
    short[] oldNumbers = numbers;
    allocate(oldHooks.length * 2);
    for (int i = 0; i < oldHooks.length; i++) {
      if (oldNumbers[i] != 0) {
        insert(oldHooks[i], oldSlots[i], oldLengths[i], oldNumbers[i]);
      }
    }
  }

  private void allocate(int capacity) {
    hooks = new int[capacity];
    lengths = new int[capacity];
    firstSlots = new long[capacity];
    numbers = new short[capacity];
    used = 0;
  }

  private static int hash(int hookId, long first) {
    long h = (first ^ hookId) * 0x9E3779B97F4A7C15L;
    return (int) (h >>> 40) ^ (int) (h >>> 16);
  }

  /** The hook of a symbol that is not {@link #OVERFLOW}. */
  int hookOf(short symbol) {
    return symbols[symbol].hookId;
  }

  /**
   * The name of a symbol, with those of its features that are selected, e.g. {@code x86_64/openat
   * path=etc}.
   */
  String name(short symbol, FeatureSelection selection) {
    if (symbol == OVERFLOW) {
      return "(too many symbols)";
    }
    Symbol it = symbols[symbol];
    StringBuilder name = new StringBuilder(vocabulary.nameOf(it.hookId));
    List<Feature> features = vocabulary.featuresOf(it.hookId);
    for (int i = 0; i < features.size() && i < it.slots.length; i++) {
      Feature feature = features.get(i);
      if (selection.contains(feature)) {
        name.append(' ')
            .append(feature.name())
            .append('=')
            .append(feature.type().valueName(it.slots[i] & 0xffff));
      }
    }
    return name.toString();
  }
}
