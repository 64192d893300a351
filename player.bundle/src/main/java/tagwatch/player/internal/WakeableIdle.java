// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Spins a moment, then parks until somebody has work. The spinning is short: on a device with two
 * cores it is taken from the program that is watched.
 */
final class WakeableIdle implements IdleStrategy {
  private static final int SPINS = 100;
  private static final long PARK_NS = 50_000_000;

  private final BooleanSupplier idle;
  private volatile Thread parked;
  private int spins;

  /**
   * @param idle asked once more before parking, so that work offered in between is not slept over
   */
  WakeableIdle(BooleanSupplier idle) {
    this.idle = idle;
  }

  @Override
  public void idle(int workCount) {
    if (workCount > 0) {
      spins = 0;
    } else {
      idle();
    }
  }

  @Override
  public void idle() {
    if (spins < SPINS) {
      spins++;
      Thread.onSpinWait();
      return;
    }
    parked = Thread.currentThread();
    if (idle.getAsBoolean()) {
      LockSupport.parkNanos(this, PARK_NS);
    }
    parked = null;
    spins = 0;
  }

  @Override
  public void reset() {
    spins = 0;
  }

  /** Any thread: wakes the idle thread if it is parked. Call it after the work is visible. */
  void wakeUp() {
    // Orders the store that made the work visible before the look at the flag; without it both
    // sides could miss each other and the work would wait for the whole parking time.
    VarHandle.fullFence();
    Thread thread = parked;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}
