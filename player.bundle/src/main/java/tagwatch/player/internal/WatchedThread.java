// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/** A thread that calls providers and owns what it works on, until it is relieved. */
final class WatchedThread extends Thread {
  /** Calls out of whichever scoring thread calls. */
  static final Caller CALLER =
      new Caller() {
        @Override
        public void enter(Shift.Callee callee) {
          shift().enter(callee);
        }

        @Override
        public void leave() {
          shift().leave();
        }

        private static Shift shift() {
          return ((WatchedThread) currentThread()).shift;
        }
      };

  final Shift shift = new Shift();

  WatchedThread(Runnable task, String name) {
    super(task, name);
    setDaemon(true);
  }
}
