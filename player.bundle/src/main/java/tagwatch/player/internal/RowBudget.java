// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/**
 * How long a scorer may take for a row. Judged by the mean over many rows, several times in a row:
 * on a busy device a thread is now and then off the processor for milliseconds, which is not the
 * scorer's doing. A scorer that does not come back at all is the watchdog's affair.
 */
final class RowBudget {
  private static final int SLICE_ROWS = 1024;
  private static final int SLICES_TOLERATED = 2;

  private final long limitNs;
  private int rows;
  private long ns;
  private int slicesOver;
  private volatile long rowNs;

  private RowBudget(long limitNs) {
    this.limitNs = limitNs;
  }

  /** At most so many microseconds a row. */
  static RowBudget ofMicros(int micros) {
    return new RowBudget(micros * 1000L);
  }

  /** For tests and learning: only measured. */
  static RowBudget unlimited() {
    return new RowBudget(Long.MAX_VALUE / SLICE_ROWS);
  }

  /** Notes a call; false if the budget is overspent. */
  boolean spent(int count, long tookNs) {
    rows += count;
    ns += tookNs;
    if (rows >= SLICE_ROWS) {
      rowNs = ns / rows;
      slicesOver = rowNs > limitNs ? slicesOver + 1 : 0;
      rows = 0;
      ns = 0;
    }
    return slicesOver <= SLICES_TOLERATED;
  }

  /** Whether a single call is within the budget. */
  boolean allows(int count, long tookNs) {
    return tookNs / count <= limitNs;
  }

  /** Forgets what was before, e.g. the first calls of code that was not compiled yet. */
  void startAnew() {
    rows = 0;
    ns = 0;
    slicesOver = 0;
  }

  /** Any thread: nanoseconds a row over the last slice; 0 before the first. */
  long rowNs() {
    return rowNs;
  }

  long limitUs() {
    return limitNs / 1000;
  }
}
