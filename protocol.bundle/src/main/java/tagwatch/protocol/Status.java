// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_status}.
 *
 * <pre>
 *   32         36     38   40              104
 *   +----------+------+----+---------------+
 *   | sequence | mode | 0  | totals (64)   |
 *   +----------+------+----+---------------+
 * </pre>
 */
final class Status extends Answer<Status> {
  static final int SEQUENCE = Answer.SIZE;
  static final int MODE = SEQUENCE + Integer.BYTES;
  static final int TOTALS = MODE + 2 * Short.BYTES;
  static final int SIZE = TOTALS + Totals.SIZE;

  private final Totals totals = new Totals();

  Status() {
    super(SIZE);
  }

  int sequence() {
    return s32(SEQUENCE);
  }

  Status sequence(int sequence) {
    return s32(SEQUENCE, sequence);
  }

  int mode() {
    return u16(MODE);
  }

  Status mode(int mode) {
    return u16(MODE, mode);
  }

  Totals totals() {
    return totals.order(order()).wrap(buffer(), offset() + TOTALS, Totals.SIZE);
  }
}
