// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.concurrent.TimeUnit;

/** Lets one message a minute through and counts the others: an attack must not fill the log. */
final class OncePerMinute {
  private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

  private long lastNs;
  private long since;
  private boolean any;

  /** How often it happened since the last message, this time included; 0 if none is due yet. */
  synchronized long due(long nowNs) {
    since++;
    if (any && nowNs - lastNs < MINUTE_NS) {
      return 0;
    }
    any = true;
    lastNs = nowNs;
    long count = since;
    since = 0;
    return count;
  }
}
