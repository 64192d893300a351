// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/**
 * How long events can have waited because of a swap: written by the scoring thread, read by any.
 * Each order of the swap counts from its begin until all is scored that had arrived at its end.
 */
final class Pause {
  private volatile long longestNs;
  private volatile boolean over;

  void lasted(long ns) {
    longestNs = Math.max(longestNs, ns);
  }

  /** The last order of the swap is through. */
  void end() {
    over = true;
  }

  /** Microseconds; -1 while it goes on. */
  long micros() {
    return over ? longestNs / 1000 : -1;
  }
}
