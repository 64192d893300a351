// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Events in arrays, by index; what an index means is up to the owner. */
final class EventStore {
  private static final int FIRST_STRIDE = 8;

  private final int[] hookIds;
  private final long[] sequences;
  private final long[] timesNs;
  private final int[] lengths;
  private int stride = FIRST_STRIDE;
  private ByteBuffer features;

  EventStore(int capacity) {
    hookIds = new int[capacity];
    sequences = new long[capacity];
    timesNs = new long[capacity];
    lengths = new int[capacity];
    features = ByteBuffer.allocate(capacity * stride).order(ByteOrder.nativeOrder());
  }

  int capacity() {
    return hookIds.length;
  }

  int hookId(int at) {
    return hookIds[at];
  }

  long sequence(int at) {
    return sequences[at];
  }

  long timestampNs(int at) {
    return timesNs[at];
  }

  ByteBuffer features() {
    return features;
  }

  int offset(int at) {
    return at * stride;
  }

  int length(int at) {
    return lengths[at];
  }

  void put(
      int at,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer slots,
      int offset,
      int length) {
    hookIds[at] = hookId;
    sequences[at] = sequence;
    timesNs[at] = timestampNs;
    lengths[at] = length;
    if (length > stride) {
      widen(length);
    }
    if (length > 0) {
      features.put(at * stride, slots, offset, length);
    }
  }

  void putFrom(EventStore other, int from, int to) {
    put(
        to,
        other.hookIds[from],
        other.sequences[from],
        other.timesNs[from],
        other.features,
        other.offset(from),
        other.lengths[from]);
  }

  /** Hooks with so many features are few: room for them comes with the first such event. */
  private void widen(int length) {
    int wider = Integer.highestOneBit(length - 1) << 1;
    ByteBuffer copy = ByteBuffer.allocate(capacity() * wider).order(ByteOrder.nativeOrder());
    for (int i = 0; i < capacity(); i++) {
      copy.put(i * wider, features, i * stride, stride);
    }
    features = copy;
    stride = wider;
  }
}
