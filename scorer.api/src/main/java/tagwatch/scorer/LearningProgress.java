// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import org.osgi.annotation.versioning.ProviderType;

/** Is told how learning goes on. */
@ProviderType
@FunctionalInterface
public interface LearningProgress {
  /**
   * Reports a step.
   *
   * @param step what is being done, e.g. {@code counting}
   * @param done 0 to 1
   */
  void report(String step, double done);
}
