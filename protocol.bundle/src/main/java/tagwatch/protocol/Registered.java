// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_registered}.
 *
 * <pre>
 *   32                 40       42           44        48              112
 *   +------------------+--------+------------+---------+---------------+
 *   | domain           | expiry | keep-alive | 0       | totals (64)   |
 *   +------------------+--------+------------+---------+---------------+
 * </pre>
 */
final class Registered extends Answer<Registered> {
  static final int DOMAIN = Answer.SIZE;
  static final int EXPIRY = DOMAIN + Long.BYTES;
  static final int KEEP_ALIVE = EXPIRY + Short.BYTES;
  static final int TOTALS = KEEP_ALIVE + Short.BYTES + Integer.BYTES;
  static final int SIZE = TOTALS + Totals.SIZE;

  private final Totals totals = new Totals();

  Registered() {
    super(SIZE);
  }

  long domain() {
    return s64(DOMAIN);
  }

  Registered domain(long domain) {
    return s64(DOMAIN, domain);
  }

  int expirySeconds() {
    return u16(EXPIRY);
  }

  Registered expirySeconds(int seconds) {
    return u16(EXPIRY, seconds);
  }

  int keepAliveSeconds() {
    return u16(KEEP_ALIVE);
  }

  Registered keepAliveSeconds(int seconds) {
    return u16(KEEP_ALIVE, seconds);
  }

  Totals totals() {
    return totals.order(order()).wrap(buffer(), offset() + TOTALS, Totals.SIZE);
  }
}
