// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.nio.file.Path;
import java.util.List;

/**
 * What to rehearse.
 *
 * @param model folder of a model, with its manifest; the tag is the model's
 * @param recordings files to score, each on its own; may be empty: then only the model is opened
 */
public record RehearseRequest(Path model, List<Path> recordings) {
  /** Copies the list. */
  public RehearseRequest {
    recordings = List.copyOf(recordings);
  }
}
