// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes scorers that nobody calls any more; one that does not come back is left behind, and named.
 */
final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);
  private static final long PATIENCE_MS = 2_000;

  private Closing() {}

  /** Closes; null is nothing to close. */
  static void of(ScorerBinding binding) {
    if (binding == null) {
      return;
    }
    try {
      Aside.call(
          "close",
          PATIENCE_MS,
          () -> {
            binding.close();
            return null;
          });
    } catch (TimeoutException e) {
      LOG.error("{} did not close its scorer within {} ms", binding.provider, PATIENCE_MS);
    } catch (ExecutionException e) {
      LOG.error("{} could not close its scorer", binding.provider, e);
    }
  }
}
