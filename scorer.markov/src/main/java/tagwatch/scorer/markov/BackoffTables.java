// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

/**
 * The model as the scorer reads it. Values hold the number of a node in the upper half and a
 * surprise in the lower one, in units of 2^-25 nat: sums of integers are exact and 128 nats are far
 * more than 48-bit counts can give.
 *
 * @param order events of context
 * @param classes of the model
 * @param bits that a class takes in a packed n-gram
 * @param jumpLength length of the n-grams in {@code jumps}: the longest that fit into 63 bits
 * @param jumps packed n-gram to its node and {@code -ln p}
 * @param edges all other n-grams: {@link #edge} of node and older event, to node and {@code -ln p}
 * @param contexts {@link #edge} of context and older event, to context and {@code -ln} of its
 *     back-off weight
 * @param unseen surprise of an event never seen at all, before any back-off
 * @param emptyBackoff {@code -ln} of the back-off weight of the empty context
 */
record BackoffTables(
    int order,
    int classes,
    int bits,
    int jumpLength,
    ProbeTable jumps,
    ProbeTable edges,
    ProbeTable contexts,
    long unseen,
    long emptyBackoff) {

  private static final int EVENT_BITS = 15;
  private static final int PACKED_BITS = 63;
  private static final double UNITS_PER_NAT = 1 << 25;
  private static final float NATS_PER_UNIT = 1f / (1 << 25);
  private static final long UNITS = 0xffff_ffffL;

  static int bits(int classes) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(classes - 1);
  }

  static int jumpLength(int classes, int order) {
    return Math.min(order + 1, PACKED_BITS / bits(classes));
  }

  static long edge(int node, int event) {
    return ((long) node << EVENT_BITS) | event;
  }

  static long units(double probability) {
    return Math.max(0, Math.round(-Math.log(probability) * UNITS_PER_NAT));
  }

  static long value(int node, long units) {
    return ((long) node << Integer.SIZE) | units;
  }

  static int node(long value) {
    return (int) (value >>> Integer.SIZE);
  }

  static long units(long value) {
    return value & UNITS;
  }

  static float nats(long units) {
    return units * NATS_PER_UNIT;
  }

  /** Memory of the tables. */
  long bytes() {
    return jumps.bytes() + edges.bytes() + contexts.bytes();
  }
}
