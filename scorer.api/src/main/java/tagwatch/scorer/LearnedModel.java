// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What a learner made.
 *
 * @param window events of context that the scorer will want in a row
 * @param content the engine's part of the model, from position 0 to its limit; owned by the
 *     receiver
 * @param provenance what somebody who finds the model later should know: options, sizes, seeds
 */
public record LearnedModel(int window, ByteBuffer content, Map<String, String> provenance) {
  /** Copies the map, not the content. */
  public LearnedModel {
    provenance = Map.copyOf(provenance);
  }
}
