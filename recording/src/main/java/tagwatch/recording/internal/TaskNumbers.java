// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.Arrays;

/** Gives out the smallest numbers it can without searching: those that came back first. */
public final class TaskNumbers {
  private int[] free = new int[16];
  private int freeCount;
  private int next;

  /** A number that is not in use. */
  public int take() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (next == Format.MAX_TASKS) {
      throw new IllegalStateException("more live tasks than a kernel can have: " + next);
    }
    return next++;
  }

  /** Takes a number back. */
  public void giveBack(int number) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = number;
  }
}
