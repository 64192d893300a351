// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

/** A clock that stands still until it is turned; waiting turns it. */
final class TurnedClock implements ReplayClock {
  long nowNs = 77;

  @Override
  public long nanoTime() {
    return nowNs;
  }

  @Override
  public void park(long nanos) {
    nowNs += nanos;
  }

  void turnMicros(long micros) {
    nowNs += micros * 1000;
  }
}
