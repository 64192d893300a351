// SPDX-License-Identifier: Apache-2.0
package tagwatch.second.scorer;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import tagwatch.scorer.Corpus;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Learner;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/** Makes models of the format {@code lookahead} by noting pairs. */
@Component(property = ScorerEngine.FORMAT + "=" + LookaheadPairs.FORMAT, service = Learner.class)
public final class LookaheadLearner implements Learner {
  private static final String WINDOW = "window";
  private static final String DEFAULT_WINDOW = "6";
  private static final int MOST_WINDOW = 16;

  @Override
  public Map<String, String> options() {
    return Map.of(WINDOW, "events that vote, 1-" + MOST_WINDOW + " (" + DEFAULT_WINDOW + ")");
  }

  @Override
  public LearnedModel learn(Corpus corpus, Map<String, String> options, LearningProgress progress)
      throws ModelException {
    int window = window(options);
    if (corpus.classes() > LookaheadPairs.MOST_CLASSES) {
      throw new ModelException(
          "corpus: 'classes' is "
              + corpus.classes()
              + ", allowed is at most "
              + LookaheadPairs.MOST_CLASSES);
    }
    LookaheadPairs pairs = new LookaheadPairs(window, corpus.classes());
    for (int index = 0; index < corpus.sequences(); index++) {
      progress.report("noting pairs", (double) index / corpus.sequences());
      note(corpus.sequence(index), corpus.from(index), pairs);
    }
    if (pairs.seen().isEmpty()) {
      throw new ModelException("corpus: 'pairs' is 0, allowed is 1 or more; record longer");
    }
    return new LearnedModel(
        window,
        pairs.write(),
        Map.of(WINDOW, Integer.toString(window), "pairs", "" + pairs.seen().cardinality()));
  }

  private static int window(Map<String, String> options) throws ModelException {
    for (String name : options.keySet()) {
      if (!name.equals(WINDOW)) {
        throw new ModelException("no option '" + name + "'; there is '" + WINDOW + "'");
      }
    }
    String text = options.getOrDefault(WINDOW, DEFAULT_WINDOW);
    try {
      int window = Integer.parseInt(text);
      if (window >= 1 && window <= MOST_WINDOW) {
        return window;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw new ModelException("'" + WINDOW + "' is " + text + ", allowed is 1.." + MOST_WINDOW);
  }

  private static void note(short[] events, int from, LookaheadPairs pairs) {
    for (int next = from; next < events.length; next++) {
      for (int distance = 1; distance <= pairs.window() && distance <= next; distance++) {
        pairs.add(events[next - distance], events[next], distance);
      }
    }
  }
}
