// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to learn from and how.
 *
 * @param tag the tag whose tasks are learned
 * @param recordings files to learn from; at least one
 * @param models folder in which the model's folder is made
 * @param format of the model: which learner, e.g. {@code markov}
 * @param options for the learner, e.g. {@code order=5}
 * @param features names of the features that tell events of one hook apart; empty: hooks alone
 * @param rolling events that the anomaly score is the mean of, 1–127
 * @param rule how the threshold is found: {@code max:2} is twice the highest score over the
 *     training data (the white paper's rule), {@code quantile:0.99} that quantile of the highest
 *     held-out scores of its parts
 */
public record LearnRequest(
    int tag,
    List<Path> recordings,
    Path models,
    String format,
    Map<String, String> options,
    List<String> features,
    int rolling,
    String rule) {
  /** Copies the collections. */
  public LearnRequest {
    recordings = List.copyOf(recordings);
    options = Map.copyOf(options);
    features = List.copyOf(features);
  }
}
