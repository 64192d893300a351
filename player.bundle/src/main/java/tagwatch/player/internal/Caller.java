// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

/**
 * Goes into and out of calls of providers, so that one that does not return is noticed. What
 * follows {@link #enter} until {@link #leave} is the call and nothing else, and every way out of it
 * leads through {@link #leave}.
 */
interface Caller {
  /** Nobody watches. */
  Caller UNWATCHED =
      new Caller() {
        @Override
        public void enter(Shift.Callee callee) {}

        @Override
        public void leave() {}
      };

  /** The call begins. */
  void enter(Shift.Callee callee);

  /** It has ended; throws {@link Shift.Relieved} if the thread no longer owns what it works on. */
  void leave();
}
