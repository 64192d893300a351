// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Nanoseconds since boot, suspend included, as the kernel stamps events. The JVM's own clock stops
 * during suspend; the difference is read once from {@code /proc/uptime}, whose hundredths of a
 * second are too coarse to be applied where there was no suspend.
 */
final class BootClock {
  private static final long COARSE_NS = 100_000_000L;
  private static final long OFFSET_NS = offset();

  private BootClock() {}

  static long nowNs() {
    return System.nanoTime() + OFFSET_NS;
  }

  /** Identifies this boot; empty if the kernel does not tell. */
  static String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"), StandardCharsets.US_ASCII)
          .trim();
    } catch (IOException e) {
      return "";
    }
  }

  private static long offset() {
    try {
      String uptime = Files.readString(Path.of("/proc/uptime"), StandardCharsets.US_ASCII);
      double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
      long offset = (long) (seconds * 1e9) - System.nanoTime();
      return Math.abs(offset) < COARSE_NS ? 0 : offset;
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}
