// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import tagwatch.scorer.Scorer;

/**
 * Scores by look-up. An n-gram seen in training, which is nearly every one in normal operation, is
 * found with one probe of its packed events; any other by walking from its last event to the oldest
 * ones, first for the longest seen tail, then for the weights of the contexts that back off.
 *
 * <p>Memory: 24 to 48 bytes for each different n-gram and each different context, of any length.
 * Allocates nothing per call.
 */
final class MarkovScorer implements Scorer {
  private final int order;
  private final int last;
  private final int bits;
  private final int jumpLength;
  private final long jumpMask;
  private final ProbeTable jumps;
  private final ProbeTable edges;
  private final ProbeTable contexts;
  private final long unseen;
  private final long emptyBackoff;

  MarkovScorer(BackoffTables tables) {
    order = tables.order();
    last = tables.classes() - 1;
    bits = tables.bits();
    jumpLength = tables.jumpLength();
    jumpMask = (1L << (bits * jumpLength)) - 1;
    jumps = tables.jumps();
    edges = tables.edges();
    contexts = tables.contexts();
    unseen = tables.unseen();
    emptyBackoff = tables.emptyBackoff();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for a class that the model does not have: packed, it could
   *     pass for another, ordinary n-gram
   */
  @Override
  public void score(short[] classes, int rows, float[] surprise) {
    for (int row = 0, next = order; row < rows; row++, next += order + 1) {
      long key = 0;
      int outside = 0;
      for (int at = next - order; at <= next; at++) {
        int event = classes[at];
        outside |= event | (last - event);
        key = (key << bits) | event;
      }
      if (outside < 0) {
        throw outside(classes, row);
      }
      long found = jumps.find(key & jumpMask);
      boolean whole = found >= 0 && jumpLength > order;
      long units = whole ? BackoffTables.units(found) : walk(classes, next, found);
      surprise[row] = BackoffTables.nats(units);
    }
  }

  /** Surprise of a row that is not known as a whole; {@code jump} is what is known of its tail. */
  private long walk(short[] classes, int next, long jump) {
    boolean jumped = jump != ProbeTable.MISS;
    int node = jumped ? BackoffTables.node(jump) : 0;
    int length = jumped ? jumpLength : 0;
    int longest = jumped ? order + 1 : jumpLength - 1;
    long units = jumped ? BackoffTables.units(jump) : unseen;
    while (length < longest) {
      long found = edges.find(BackoffTables.edge(node, classes[next - length]));
      if (found == ProbeTable.MISS) {
        break;
      }
      node = BackoffTables.node(found);
      units = BackoffTables.units(found);
      length++;
    }
    return length > order ? units : units + backoff(classes, next, length);
  }

  /** The weights of the contexts that were seen, but not before this event: from {@code length}. */
  private long backoff(short[] classes, int next, int length) {
    long units = length == 0 ? emptyBackoff : 0;
    int context = 0;
    for (int known = 1; known <= order; known++) {
      long found = contexts.find(BackoffTables.edge(context, classes[next - known]));
      if (found == ProbeTable.MISS) {
        break;
      }
      context = BackoffTables.node(found);
      if (known >= length) {
        units += BackoffTables.units(found);
      }
    }
    return units;
  }

  private IllegalArgumentException outside(short[] classes, int row) {
    int at = row * (order + 1);
    while (classes[at] >= 0 && classes[at] <= last) {
      at++;
    }
    return new IllegalArgumentException(
        "row " + row + ": class " + classes[at] + " out of range 0.." + last);
  }

  /** Nothing to free: the tables belong to the heap. */
  @Override
  public void close() {}
}
