// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import org.osgi.annotation.versioning.ConsumerType;

/** Opens models of one format; a service with the property {@link #FORMAT}. Any thread may call. */
@ConsumerType
public interface ScorerEngine {
  /** Service property: the format of the models that the engine opens, e.g. {@code markov}. */
  String FORMAT = "scorer.format";

  /**
   * Checks the model completely and makes a scorer that is ready to be called. A bad model must not
   * harm the process.
   *
   * @throws ModelException says which part of the model is wrong, and how
   */
  Scorer open(Model model) throws ModelException;
}
