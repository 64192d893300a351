// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

/**
 * Where things lie in the file; {@code FORMAT.md} beside this bundle explains them.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                            magic                              |
 *  |                                                               |
 *  +-------------------------------+---------------+---------------+
 *  |            version            |     order     |   smoothing   |
 *  +-------------------------------+---------------+---------------+
 *  |            classes            |           reserved            |
 *  +-------------------------------+-------------------------------+
 *  |                            length                             |
 *  +---------------------------------------------------------------+
 *  |                           sequences                           |
 *  +---------------------------------------------------------------+
 *  |                            events                             |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |       n-grams of length 1, 2, ... order + 1: 32 bits each     |
 *  +---------------------------------------------------------------+
 *  |                     n-grams, as varints                       |
 *  +---------------------------------------------------------------+
 *  |                            CRC32C                             |
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class ModelLayout {
  /** "TWMARKOV" as the file shows it. */
  static final long MAGIC = 0x564f_4b52_414d_5754L;

  static final int VERSION = 1;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
  static final int ORDER_OFFSET = VERSION_OFFSET + Short.BYTES;
  static final int SMOOTHING_OFFSET = ORDER_OFFSET + Byte.BYTES;
  static final int CLASSES_OFFSET = SMOOTHING_OFFSET + Byte.BYTES;
  static final int RESERVED_OFFSET = CLASSES_OFFSET + Short.BYTES;
  static final int LENGTH_OFFSET = RESERVED_OFFSET + Short.BYTES;
  static final int SEQUENCES_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  static final int EVENTS_OFFSET = SEQUENCES_OFFSET + Integer.BYTES;
  static final int LEVELS_OFFSET = EVENTS_OFFSET + Long.BYTES;

  /** Length of the CRC32C of everything before it. */
  static final int CHECKSUM_LENGTH = Integer.BYTES;

  /** Above it sums of counts would no longer be exact in a double. */
  static final long MOST_EVENTS = (1L << 48) - 1;

  private ModelLayout() {}

  /** Where the number of n-grams of that length stands. */
  static int levelOffset(int length) {
    return LEVELS_OFFSET + (length - 1) * Integer.BYTES;
  }

  /** Where the n-grams begin. */
  static int ngramsOffset(int order) {
    return levelOffset(order + 2);
  }
}
