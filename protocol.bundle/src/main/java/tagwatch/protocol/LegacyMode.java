// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mode of a kernel side of 2020: any write toggles it, and nothing shows it but what comes.
 * What was under way when it was toggled still comes, so that it is not toggled again at once.
 */
final class LegacyMode {
  /** Where such a kernel side has its switch. */
  static final Path SWITCH = Path.of("/proc/exein/mode_ctl");

  private static final Logger LOG = LoggerFactory.getLogger(LegacyMode.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(5);

  private final Path file;
  private long next = System.nanoTime();

  LegacyMode(Path file) {
    this.file = file;
  }

  /** Called when a message of the other mode comes. */
  void toggle() {
    long now = System.nanoTime();
    if (now - next < 0) {
      return;
    }
    next = now + PAUSE;
    try {
      Files.write(file, "1".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
      LOG.info("the kernel side is in the other mode: toggled");
    } catch (IOException e) {
      LOG.warn("the kernel side is in the other mode and cannot be toggled: {}", e.toString());
    }
  }
}
