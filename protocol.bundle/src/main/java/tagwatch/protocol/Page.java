// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_page}.
 *
 * <pre>
 *   32                 40        44   48
 *   +------------------+---------+----+-------------
 *   | cursor           | count   | 0  | records
 *   +------------------+---------+----+-------------
 * </pre>
 */
final class Page extends Records<Page> {
  static final int CURSOR = Answer.SIZE;
  static final int COUNT = CURSOR + Long.BYTES;
  static final int SIZE = COUNT + 2 * Integer.BYTES;

  Page() {
    super(SIZE, COUNT);
  }

  long cursor() {
    return s64(CURSOR);
  }

  Page cursor(long cursor) {
    return s64(CURSOR, cursor);
  }
}
