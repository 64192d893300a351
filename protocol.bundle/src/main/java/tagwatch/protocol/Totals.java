// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_counters}: totals of a tag since boot, eight 64-bit words.
 *
 * <pre>
 *   0         8         16     24        32      40        48     56            64
 *   +---------+---------+------+---------+-------+---------+------+-------------+
 *   | emitted | settled | lost | evicted | tasks | storage | hits | notices lost|
 *   +---------+---------+------+---------+-------+---------+------+-------------+
 * </pre>
 */
final class Totals extends Flyweight<Totals> {
  static final int EMITTED = 0;
  static final int SETTLED = EMITTED + Long.BYTES;
  static final int LOST = SETTLED + Long.BYTES;
  static final int EVICTED = LOST + Long.BYTES;
  static final int TASKS = EVICTED + Long.BYTES;
  static final int STORAGE_FAILURES = TASKS + Long.BYTES;
  static final int VERDICT_HITS = STORAGE_FAILURES + Long.BYTES;
  static final int NOTICES_LOST = VERDICT_HITS + Long.BYTES;
  static final int SIZE = NOTICES_LOST + Long.BYTES;

  Totals() {
    super(SIZE);
  }

  /** One of the totals by its offset. */
  long value(int total) {
    return s64(total);
  }

  Totals value(int total, long value) {
    return s64(total, value);
  }
}
