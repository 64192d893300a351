// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * One tag's registration. The totals that the first one of a source found are its zero: those that
 * follow it count on from there.
 */
final class Registration {
  final int tag;

  /** 0 while there is none. */
  volatile long session;

  /** Number of the last feed message that the kernel says it has sent. */
  volatile int announced;

  /** Number of the last feed message that came. Belongs to the drain. */
  int received;

  private final long[] zero = new long[Totals.SIZE / Long.BYTES];
  private final long[] now = new long[Totals.SIZE / Long.BYTES];
  private boolean counting;

  Registration(int tag) {
    this.tag = tag;
  }

  synchronized void begin(long newSession, Totals totals) {
    if (!counting) {
      counting = true;
      read(totals, zero);
      read(totals, now);
      // what nobody has taken yet is still this source's to take
      zero[Totals.EMITTED / Long.BYTES] = totals.value(Totals.SETTLED);
    }
    received = 0;
    announced = 0;
    session = newSession;
  }

  synchronized void heard(Status status) {
    read(status.totals(), now);
    announced = status.sequence();
  }

  private static void read(Totals totals, long[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = totals.value(i * Long.BYTES);
    }
  }

  /** What was counted since the source was opened. */
  synchronized long since(int total) {
    return now[total / Long.BYTES] - zero[total / Long.BYTES];
  }
}
