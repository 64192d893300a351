// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_feed}.
 *
 * <pre>
 *   32         36        40                 48                 56
 *   +----------+---------+------------------+------------------+-------------
 *   | sequence | count   | lost             | notices lost     | records
 *   +----------+---------+------------------+------------------+-------------
 * </pre>
 */
final class Feed extends Records<Feed> {
  static final int SEQUENCE = Answer.SIZE;
  static final int COUNT = SEQUENCE + Integer.BYTES;
  static final int LOST = COUNT + Integer.BYTES;
  static final int NOTICES_LOST = LOST + Long.BYTES;
  static final int SIZE = NOTICES_LOST + Long.BYTES;

  Feed() {
    super(SIZE, COUNT);
  }

  int sequence() {
    return s32(SEQUENCE);
  }

  Feed sequence(int sequence) {
    return s32(SEQUENCE, sequence);
  }

  long lost() {
    return s64(LOST);
  }

  Feed lost(long lost) {
    return s64(LOST, lost);
  }

  long noticesLost() {
    return s64(NOTICES_LOST);
  }

  Feed noticesLost(long lost) {
    return s64(NOTICES_LOST, lost);
  }
}
