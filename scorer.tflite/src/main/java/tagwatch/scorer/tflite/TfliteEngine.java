// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;
import tagwatch.tflite.runtime.TfliteNatives;

/** Opens models of the format {@code tflite}; {@code FORMAT.md} says what such a file may have. */
@Component(property = ScorerEngine.FORMAT + "=" + TfliteEngine.FORMAT_NAME)
public final class TfliteEngine implements ScorerEngine {
  /** The format of the models that this engine opens. */
  public static final String FORMAT_NAME = "tflite";

  @Override
  public TfliteScorer open(Model model) throws ModelException {
    EngineOptions options = EngineOptions.parse(model.origin(), model.options(), model.classes());
    ByteBuffer content = model.content();
    try {
      TfliteNatives.load();
      return TfliteScorer.open(content, model.window(), model.classes(), options);
    } catch (Refusal e) {
      throw new ModelException(model.origin() + ": " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw new ModelException(model.origin() + ": " + e.getMessage(), e);
    }
  }
}
