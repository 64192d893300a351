// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A live record of 2020: 16-bit words, {@code end - start + 7} of them.
 *
 * <pre>
 *   0        2            4     6      8       10    12
 *   +--------+------------+-----+------+-------+-----+-------------+----------+
 *   | 0x7845 | array size | pid | hook | start | end | features    | sequence |
 *   +--------+------------+-----+------+-------+-----+-------------+----------+
 * </pre>
 */
final class LegacyRecord extends Flyweight<LegacyRecord> {
  static final int LIVE_MAGIC = 0x7845;

  static final int MAGIC = 0;
  static final int ARRAY_SIZE = MAGIC + Short.BYTES;
  static final int PID = ARRAY_SIZE + Short.BYTES;
  static final int HOOK = PID + Short.BYTES;
  static final int START = HOOK + Short.BYTES;
  static final int END = START + Short.BYTES;
  static final int FEATURES = END + Short.BYTES;
  static final int SIZE = FEATURES + Short.BYTES;

  LegacyRecord() {
    super(SIZE);
  }

  /** As {@link Flyweight#wrap}; {@link MalformedMessageException} if it is no live record. */
  @Override
  LegacyRecord wrap(UnsafeBuffer bytes, int at, int available) {
    super.wrap(bytes, at, available);
    if (u16(MAGIC) != LIVE_MAGIC || u16(END) < u16(START)) {
      throw new MalformedMessageException(
          "no live record: magic=" + u16(MAGIC) + " start=" + u16(START) + " end=" + u16(END));
    }
    require(SIZE + (long) features() * Short.BYTES);
    return this;
  }

  /** Writes a record and returns the bytes that it took. */
  int put(
      UnsafeBuffer bytes,
      int pid,
      int hook,
      int arraySize,
      int start,
      int[] features,
      int sequence) {
    int size = SIZE + features.length * Short.BYTES;
    bytes.putShort(MAGIC, (short) LIVE_MAGIC, order());
    bytes.putShort(START, (short) start, order());
    bytes.putShort(END, (short) (start + features.length), order());
    wrap(bytes, 0, size).u16(ARRAY_SIZE, arraySize).u16(PID, pid).u16(HOOK, hook);
    for (int i = 0; i < features.length; i++) {
      u16(FEATURES + i * Short.BYTES, features[i]);
    }
    u16(size - Short.BYTES, sequence);
    return size;
  }

  int features() {
    return u16(END) - u16(START);
  }

  int arraySize() {
    return u16(ARRAY_SIZE);
  }

  /** The lower 16 bits. */
  int pid() {
    return u16(PID);
  }

  int hook() {
    return u16(HOOK);
  }

  int start() {
    return u16(START);
  }

  /** Where the features lie in the buffer. */
  int featuresOffset() {
    return offset() + FEATURES;
  }

  int feature(int number) {
    return u16(FEATURES + number * Short.BYTES);
  }

  int sequence() {
    return u16(FEATURES + features() * Short.BYTES);
  }
}
