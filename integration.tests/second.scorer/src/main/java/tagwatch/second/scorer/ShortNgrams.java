// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;

/**
 * The n-grams of at most three events of a model file, read as {@code scorer.markov/FORMAT.md}
 * documents it and with nothing from that bundle: two readers that agree are the test that the
 * document is complete.
 *
 * <p>An n-gram is a long: its events in 16 bits each, the newest lowest, under a leading 1 bit.
 */
final class ShortNgrams {
  /** The n-gram without events. */
  static final long EMPTY = 1;

  private static final int LONGEST = 3;
  private static final int EVENT_BITS = 16;
  private static final int LEVELS_OFFSET = 32;
  private static final int ORDER_OFFSET = 10;
  private static final int CLASSES_OFFSET = 12;
  private static final int LENGTH_OFFSET = 16;
  private static final long MAGIC = 0x564f_4b52_414d_5754L;

  private final int classes;
  private final int contextLength;
  private final Map<Long, Long> counts = new HashMap<>();
  private final Map<Long, Long> contexts = new HashMap<>();

  private ShortNgrams(int classes, int contextLength) {
    this.classes = classes;
    this.contextLength = contextLength;
  }

  int classes() {
    return classes;
  }

  /** Events of the longest contexts. */
  int contextLength() {
    return contextLength;
  }

  /** How often the n-gram was seen. */
  long count(long ngram) {
    return counts.getOrDefault(ngram, 0L);
  }

  /** How often any event was seen after it. */
  long contextCount(long context) {
    return contexts.getOrDefault(context, 0L);
  }

  /** The n-gram with one event more at its end. */
  static long after(long ngram, int event) {
    return (ngram << EVENT_BITS) | event;
  }

  /** The n-gram of so many events with one more before its first. */
  static long before(int event, long ngram, int events) {
    int bits = events * EVENT_BITS;
    return (EMPTY << (bits + EVENT_BITS)) | ((long) event << bits) | (ngram & ((1L << bits) - 1));
  }

  static ShortNgrams read(Model model) throws ModelException {
    ByteBuffer content = model.content().slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      checkFrame(model, content);
      int order = content.get(ORDER_OFFSET);
      require(model, order >= 1 && order == model.window(), "order", order, model.window());
      int classes = Short.toUnsignedInt(content.getShort(CLASSES_OFFSET));
      require(model, classes == model.classes(), "classes", classes, model.classes());
      ShortNgrams ngrams = new ShortNgrams(classes, Math.min(order, LONGEST - 1));
      ngrams.readLevels(model, content, order);
      return ngrams;
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new ModelException(
          model.origin() + ": 'length' is " + content.capacity() + ", the n-grams need more", e);
    }
  }

  private static void checkFrame(Model model, ByteBuffer content) throws ModelException {
    long magic = content.getLong(0);
    require(model, magic == MAGIC, "magic", Long.toHexString(magic), Long.toHexString(MAGIC));
    int length = content.getInt(LENGTH_OFFSET);
    require(model, length == content.limit(), "length", length, content.limit());
    int end = length - Integer.BYTES;
    int stored = content.getInt(end);
    content.limit(end);
    CRC32C checksum = new CRC32C();
    checksum.update(content.duplicate());
    require(
        model,
        stored == (int) checksum.getValue(),
        "checksum",
        Integer.toHexString(stored),
        Long.toHexString(checksum.getValue()));
  }

  private static void require(
      Model model, boolean holds, String field, Object value, Object allowed)
      throws ModelException {
    if (!holds) {
      throw new ModelException(
          model.origin() + ": '" + field + "' is " + value + ", expected is " + allowed);
    }
  }

  private void readLevels(Model model, ByteBuffer content, int order) throws ModelException {
    content.position(LEVELS_OFFSET + (order + 1) * Integer.BYTES);
    List<Parent> parents = List.of(new Parent(EMPTY, content.getInt(LEVELS_OFFSET)));
    for (int length = 1; length <= contextLength + 1; length++) {
      List<Parent> level = new ArrayList<>();
      for (Parent parent : parents) {
        readChildren(model, content, parent, length, length <= order, level);
      }
      int stated = content.getInt(LEVELS_OFFSET + (length - 1) * Integer.BYTES);
      String field = "n-grams of length " + length;
      require(model, stated == level.size(), field, stated, level.size());
      parents = level;
    }
  }

  /** An n-gram and how many longer ones end with it. */
  private record Parent(long ngram, long children) {}

  private void readChildren(
      Model model,
      ByteBuffer content,
      Parent parent,
      int length,
      boolean hasChildren,
      List<Parent> level)
      throws ModelException {
    long lowest = 0;
    for (long child = 0; child < parent.children; child++) {
      long event = lowest + varint(content);
      require(model, event < classes, "event", event, "below " + classes);
      long count = varint(content);
      long ngram = before((int) event, parent.ngram, length - 1);
      counts.put(ngram, count);
      // without its newest event, an n-gram is the context in which that event was seen
      contexts.merge(ngram >>> EVENT_BITS, count, Long::sum);
      level.add(new Parent(ngram, hasChildren ? varint(content) : 0));
      lowest = event + 1;
    }
  }

  private static long varint(ByteBuffer content) {
    long value = 0;
    for (int shift = 0; shift < 7 * 7; shift += 7) {
      byte next = content.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        break;
      }
    }
    return value;
  }
}
