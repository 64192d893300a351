// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import org.osgi.service.component.annotations.Component;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/**
 * Opens models of the format {@code markov} with another algorithm than {@code scorer.markov}: it
 * looks at most two events back and interpolates with a fixed weight (Jelinek and Mercer, 1980).
 *
 * <p>It ranks higher, so that installing the bundle changes the scorer of a running model.
 */
@Component(
    property = {ScorerEngine.FORMAT + "=markov", "service.ranking:Integer=100"},
    service = ScorerEngine.class)
public final class ShortContextEngine implements ScorerEngine {
  @Override
  public Scorer open(Model model) throws ModelException {
    return new ShortContextScorer(ShortNgrams.read(model), model.window());
  }
}
