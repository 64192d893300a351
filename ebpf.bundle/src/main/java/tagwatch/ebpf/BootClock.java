// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.checked;

import com.sun.jna.Memory;

/** The clock of the events: since boot, suspend included. Java has no way to it. */
final class BootClock {
  private static final int TIMESPEC = 16;

  private BootClock() {}

  static long nanos() throws NativeException {
    try (Memory time = new Memory(TIMESPEC)) {
      checked(LibC.clock_gettime(LibC.CLOCK_BOOTTIME, time), "clock_gettime(CLOCK_BOOTTIME)");
      return time.getLong(0) * 1_000_000_000L + time.getLong(8);
    }
  }
}
