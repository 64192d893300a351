// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import org.agrona.concurrent.AgentRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends agents without waiting for ever: the runner's own close does, and whoever closes is the
 * coordinator, on which all other tags depend.
 */
final class Stuck {
  private static final Logger LOG = LoggerFactory.getLogger(Stuck.class);
  private static final int PATIENCE_MS = 2_000;

  private Stuck() {}

  /** Ends the agent; a thread that does not answer is interrupted and left behind. */
  static void close(AgentRunner runner, String what) {
    try {
      runner.close(
          PATIENCE_MS,
          thread -> {
            thread.interrupt();
            throw new IllegalStateException("no end within " + PATIENCE_MS + " ms");
          });
    } catch (IllegalStateException e) {
      LOG.error("{} is stuck and left behind: {}", what, e.getMessage());
    }
  }
}
