// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.concurrent.TimeUnit;

/** When to try again: at once, then after twice as long each time, up to a limit. */
final class BackOff {
  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(5);

  private long delay;
  private long next;

  boolean due(long now) {
    return delay == 0 || now - next >= 0;
  }

  void failed(long now) {
    delay = delay == 0 ? FIRST : Math.min(LONGEST, 2 * delay);
    next = now + delay;
  }

  void succeeded() {
    delay = 0;
  }

  long delay() {
    return delay;
  }
}
