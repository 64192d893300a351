// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One thread's time on duty, and which provider it is calling. A thread that does not come back
 * from a provider is relieved: from then on what it worked on belongs to its successor, and its
 * return from the call ends in {@link Relieved}, before it can touch anything.
 *
 * <p>So nothing that a provider's call lies in may change state on the way out: no {@code finally},
 * no {@code catch} of that error.
 */
final class Shift {
  private static final long NOT_CALLING = 0;
  private static final long RELIEVED = -1;

  private final AtomicLong callingSince = new AtomicLong();
  private Callee callee;

  /** What is called. */
  interface Callee {
    /** The provider's name and bundle, for people. */
    String provider();

    /** Its abandoned call has returned after all; called by the thread that was lost in it. */
    default void returned() {}
  }

  /** The thread was relieved while it was in a provider's call; it must end. */
  static final class Relieved extends Error {
    private static final long serialVersionUID = 1L;
    private final transient Callee lostIn;

    Relieved(Callee lostIn) {
      super("relieved while in " + lostIn.provider(), null, false, false);
      this.lostIn = lostIn;
    }

    Callee lostIn() {
      return lostIn;
    }
  }

  /** The thread on duty: goes into a provider's call. */
  void enter(Callee next) {
    callee = next;
    // 0 and -1 have a meaning of their own
    callingSince.set(System.nanoTime() | 1L << 62);
  }

  /** The same thread: is back, however the call ended. */
  void leave() {
    long since = callingSince.get();
    if (since == RELIEVED || !callingSince.compareAndSet(since, NOT_CALLING)) {
      throw new Relieved(callee);
    }
  }

  /**
   * Any thread: relieves the thread if it has been in one call for so long.
   *
   * @return what it is lost in; null if it is not relieved
   */
  Callee relieve(long afterNs) {
    long since = callingSince.get();
    if (since == NOT_CALLING || since == RELIEVED) {
      return null;
    }
    Callee lostIn = callee;
    boolean overdue = (System.nanoTime() | 1L << 62) - since > afterNs;
    return overdue && callingSince.compareAndSet(since, RELIEVED) ? lostIn : null;
  }

  /** Any thread: whether it is in a provider's call now. */
  boolean calling() {
    return callingSince.get() != NOT_CALLING;
  }
}
