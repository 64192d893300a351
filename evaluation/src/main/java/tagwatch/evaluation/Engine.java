// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Map;
import tagwatch.scorer.Learner;
import tagwatch.scorer.ScorerEngine;

/**
 * What is measured.
 *
 * @param format of its models, e.g. {@code markov}
 * @param learner makes them
 * @param scorer opens them
 * @param options for the learner
 */
public record Engine(
    String format, Learner learner, ScorerEngine scorer, Map<String, String> options) {
  /** Copies the map. */
  public Engine {
    options = Map.copyOf(options);
  }
}
