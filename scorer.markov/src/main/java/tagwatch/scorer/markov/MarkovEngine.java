// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** Opens models of the format {@code markov}. */
@Component(property = ScorerEngine.FORMAT + "=" + MarkovEngine.FORMAT_NAME)
public final class MarkovEngine implements ScorerEngine {
  static final String FORMAT_NAME = "markov";

  @Override
  public Scorer open(Model model) throws ModelException {
    // An option that nobody reads is a wish that is silently not fulfilled.
    new Refusals(model.origin())
        .require(model.options().isEmpty(), "options", model.options(), List.of());
    return new MarkovScorer(BackoffCompiler.compile(ModelReader.read(model)));
  }
}
