// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.util.concurrent.locks.LockSupport;

/** The clock of the schedule; injected, so that a test can turn it by hand. */
interface ReplayClock {
  ReplayClock SYSTEM =
      new ReplayClock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void park(long nanos) {
          LockSupport.parkNanos(nanos);
        }
      };

  /** Nanoseconds from some moment on. */
  long nanoTime();

  /** Waits so long, or less. */
  void park(long nanos);
}
