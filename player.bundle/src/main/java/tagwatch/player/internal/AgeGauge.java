// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/**
 * How long events wait between their arrival in the ring and their score. Not every event is timed,
 * only one that is the last in the ring when none is being timed: an upper bound for those behind
 * it, for a few nanoseconds a batch. Written by the scoring thread.
 */
final class AgeGauge {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long NONE = -1;

  private final EventRing ring;
  private long mark = NONE;
  private long markedNs;
  private long second = System.nanoTime();
  private long oldestNs;
  private volatile long lastSecondNs;
  private volatile long readNs = System.nanoTime();

  private Pause pause;
  private boolean lastOrder;
  private long pauseBeganNs;
  private long pauseMark;

  AgeGauge(EventRing ring) {
    this.ring = ring;
  }

  /** Before the ring is read. */
  void mark() {
    if (mark == NONE) {
      long arrived = ring.producerPosition();
      if (arrived != ring.consumerPosition()) {
        mark = arrived;
        markedNs = System.nanoTime();
      }
    }
  }

  /** After all is scored that was read. */
  void read() {
    if (mark == NONE && pause == null) {
      return;
    }
    long now = System.nanoTime();
    long position = ring.consumerPosition();
    if (mark != NONE && position >= mark) {
      sample(now);
      mark = NONE;
    }
    if (pause != null && position >= pauseMark) {
      pause.lasted(now - pauseBeganNs);
      if (lastOrder) {
        pause.end();
      }
      pause = null;
    }
  }

  private void sample(long now) {
    if (now - second > SECOND_NS) {
      lastSecondNs = now - second < 2 * SECOND_NS ? oldestNs : 0;
      second = now;
      readNs = now;
      oldestNs = 0;
    }
    oldestNs = Math.max(oldestNs, now - markedNs);
  }

  /** An order of a swap was carried out. */
  void paused(Pause next, long beganNs, boolean last) {
    if (pause != null) {
      // of the same swap, and its begin is farther back
      pause.lasted(System.nanoTime() - pauseBeganNs);
    }
    pause = next;
    lastOrder = last;
    pauseBeganNs = beganNs;
    pauseMark = ring.producerPosition();
  }

  /** Any thread: the oldest of the last whole second, microseconds; 0 if there was none. */
  long oldestUs() {
    return System.nanoTime() - readNs < 3 * SECOND_NS ? lastSecondNs / 1000 : 0;
  }
}
