// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tagwatch.scorer.ModelException;

/** Reads the n-grams of a model file and checks that they can come from counting. */
final class NgramReader {
  private static final int LONGEST_VARINT = 7;

  private final ByteBuffer content;
  private final Refusals refusals;
  private final int classes;
  private final int[] levelStarts;
  private final int[] firstChildren;
  private final short[] events;
  private final long[] counts;

  /** Reads from the position of the content, which ends with the n-grams. */
  NgramReader(ByteBuffer content, Refusals refusals, int classes, int[] levelStarts) {
    this.content = content;
    this.refusals = refusals;
    this.classes = classes;
    this.levelStarts = levelStarts;
    int nodes = levelStarts[levelStarts.length - 1];
    firstChildren = new int[nodes + 1];
    events = new short[nodes];
    counts = new long[nodes];
  }

  Ngrams read(long learned, long sequences) throws ModelException {
    int longest = levelStarts.length - 2;
    counts[0] = learned;
    firstChildren[0] = 1;
    firstChildren[1] = levelStarts[2];
    Arrays.fill(firstChildren, levelStarts[longest], firstChildren.length, counts.length);
    for (int length = 1; length <= longest; length++) {
      long atStart = level(length, length < longest);
      // A longer n-gram lacks only where the shorter one stands at the very start of a sequence.
      long allowed = length == 1 ? 0 : sequences;
      if (atStart > allowed) {
        throw refusals.refusal(
            "n-grams of length " + length,
            "counts that lack " + atStart + " occurrences of those one shorter",
            "at most " + allowed + " lacking");
      }
    }
    refusals.require(
        !content.hasRemaining(), "n-grams", content.remaining() + " bytes behind the last one", 0);
    return new Ngrams(levelStarts, firstChildren, events, counts);
  }

  /** Reads a level and gives how many occurrences of the shorter n-grams it does not continue. */
  private long level(int length, boolean inner) throws ModelException {
    long atStart = 0;
    int nextChild = levelStarts[length + 1];
    for (int parent = levelStarts[length - 1]; parent < levelStarts[length]; parent++) {
      long rest = counts[parent];
      int lowest = 0;
      for (int node = firstChildren[parent]; node < firstChildren[parent + 1]; node++) {
        events[node] = (short) bounded("event", node, lowest, 0, classes - 1);
        counts[node] = bounded("count", node, 0, 1, rest);
        if (inner) {
          nextChild += (int) bounded("children", node, 0, 0, childrenLeft(length, nextChild));
          firstChildren[node + 1] = nextChild;
        }
        lowest = events[node] + 1;
        rest -= counts[node];
      }
      atStart += rest;
    }
    if (inner && childrenLeft(length, nextChild) > 0) {
      throw refusals.refusal(
          "n-grams of length " + (length + 1),
          childrenLeft(length, nextChild) + " without a shorter one",
          0);
    }
    return atStart;
  }

  private int childrenLeft(int length, int nextChild) {
    return levelStarts[length + 2] - nextChild;
  }

  private long bounded(String field, int node, int base, long least, long most)
      throws ModelException {
    long value = base + varint(field, node);
    if (value < least || value > most) {
      throw refusals.refusal(field + " of n-gram " + node, value, least + ".." + most);
    }
    return value;
  }

  private long varint(String field, int node) throws ModelException {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT && content.hasRemaining(); i++) {
      int part = content.get();
      value |= (part & 0x7fL) << (7 * i);
      // One number has one form, else equal models could have different bytes.
      if (part > 0 || (part == 0 && i == 0)) {
        return value;
      }
      if (part == 0) {
        break;
      }
    }
    throw refusals.refusal(
        field + " of n-gram " + node,
        "no end of the number before byte " + (content.position() + 1),
        "a shortest varint of at most " + LONGEST_VARINT + " bytes");
  }
}
