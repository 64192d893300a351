// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/** A thread that calls scorers and owns what it works on, until it is relieved. */
final class ScoringThread extends Thread {
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
          return ((ScoringThread) currentThread()).shift;
        }
      };

  final Shift shift = new Shift();

  ScoringThread(Runnable task, String name) {
    super(task, name);
    setDaemon(true);
  }
}
