// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel that the agent lives, on a schedule of its own: neither a busy drain nor a busy
 * scorer may cost the registration.
 */
final class KeepAlive implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread alive = new Thread(task, "tagwatch-keep-alive");
            alive.setDaemon(true);
            return alive;
          });

  KeepAlive(Runnable send, long intervalNanos) {
    Runnable guarded =
        () -> {
          try {
            send.run();
          } catch (RuntimeException e) {
            // thrown on, it would end the schedule
            LOG.error("keep-alive failed", e);
          }
        };
    var unused =
        thread.scheduleAtFixedRate(guarded, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a keep-alive does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
