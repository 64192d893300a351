// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told how a long order goes on; called by the thread that gave the order. */
@ConsumerType
@FunctionalInterface
public interface Progress {
  /**
   * Reports a step.
   *
   * @param step what is being done
   * @param done 0 to 1
   */
  void report(String step, double done);
}
