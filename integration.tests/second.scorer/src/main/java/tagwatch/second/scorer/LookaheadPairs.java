// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;

/**
 * Which event was seen how far before which other (Forrest et al., A sense of self for Unix
 * processes, 1996). In a file: magic, window, classes, then one bit for each distance, earlier and
 * later event.
 */
record LookaheadPairs(int window, int classes, BitSet seen) {
  static final String FORMAT = "lookahead";
  static final int MOST_CLASSES = 1024;

  /** "TWLA" as the file shows it. */
  private static final int MAGIC = 0x414c_5754;

  private static final int HEADER = 4 * Integer.BYTES;

  LookaheadPairs(int window, int classes) {
    this(window, classes, new BitSet(window * classes * classes));
  }

  boolean wasSeen(int earlier, int later, int distance) {
    return seen.get(index(earlier, later, distance));
  }

  void add(int earlier, int later, int distance) {
    seen.set(index(earlier, later, distance));
  }

  private int index(int earlier, int later, int distance) {
    return ((distance - 1) * classes + earlier) * classes + later;
  }

  ByteBuffer write() {
    byte[] bits = seen.toByteArray();
    return ByteBuffer.allocate(HEADER + bits.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(window)
        .putInt(classes)
        .putInt(bits.length)
        .put(bits)
        .flip();
  }

  static LookaheadPairs read(Model model) throws ModelException {
    ByteBuffer content = model.content().slice().order(ByteOrder.LITTLE_ENDIAN);
    if (content.remaining() < HEADER
        || content.getInt() != MAGIC
        || content.getInt() != model.window()
        || content.getInt() != model.classes()) {
      throw new ModelException(
          model.origin()
              + ": 'header' is not that of lookahead pairs with window "
              + model.window()
              + " and "
              + model.classes()
              + " classes");
    }
    int length = content.getInt();
    if (content.remaining() != length) {
      throw new ModelException(
          model.origin() + ": 'pairs' has " + content.remaining() + " bytes, not " + length);
    }
    return new LookaheadPairs(model.window(), model.classes(), BitSet.valueOf(content));
  }
}
