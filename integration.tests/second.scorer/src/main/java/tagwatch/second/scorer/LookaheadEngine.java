// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import org.osgi.service.component.annotations.Component;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** Opens models of the format {@code lookahead}. */
@Component(
    property = ScorerEngine.FORMAT + "=" + LookaheadPairs.FORMAT,
    service = ScorerEngine.class)
public final class LookaheadEngine implements ScorerEngine {
  @Override
  public Scorer open(Model model) throws ModelException {
    return new LookaheadScorer(LookaheadPairs.read(model));
  }
}
