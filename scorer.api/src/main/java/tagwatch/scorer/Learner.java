// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes models of one format; a service with the property {@link ScorerEngine#FORMAT}. Any thread
 * may call, several at the same time.
 */
@ConsumerType
public interface Learner {
  /**
   * The options that {@link #learn} knows, each with its meaning, default and range, e.g. {@code
   * order -> "events of context, 1-8 (5)"}.
   */
  Map<String, String> options();

  /**
   * Whether {@link #learn} leaves alone what {@link Corpus#heldOut} sets apart. Then one part is
   * set apart and the model itself is judged by it, because such a learner is slow; else the model
   * learns everything, and others, each learned without one part, are judged in its place.
   */
  default boolean sparesHeldOut() {
    return false;
  }

  /**
   * Learns. The same corpus and options give the same bytes.
   *
   * @param options names as in {@link #options()}; absent means default
   * @param progress told about the work; never called by two threads at once
   * @throws ModelException if an option is unknown or out of range, or the corpus is too small;
   *     names the value and what is allowed
   */
  LearnedModel learn(Corpus corpus, Map<String, String> options, LearningProgress progress)
      throws ModelException;
}
