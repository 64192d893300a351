// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import tagwatch.scorer.Corpus;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Learner;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/**
 * Makes models of the format {@code markov} by counting.
 *
 * <p>An event with fewer events before it than the order asks for is counted with the shorter
 * contexts only: nothing stands for the start of a task, because a row always has a whole window.
 */
@Component(property = ScorerEngine.FORMAT + "=" + MarkovEngine.FORMAT_NAME)
public final class MarkovLearner implements Learner {
  private static final Refusals REFUSALS = new Refusals("corpus");
  private static final int EVENTS_PER_REPORT = 1 << 16;

  @Override
  public Map<String, String> options() {
    return LearningOptions.described();
  }

  @Override
  public LearnedModel learn(Corpus corpus, Map<String, String> options, LearningProgress progress)
      throws ModelException {
    LearningOptions wanted = LearningOptions.parse(options);
    REFUSALS.require(
        corpus.classes() >= 2 && corpus.classes() <= MarkovModel.MOST_CLASSES,
        "classes",
        corpus.classes(),
        "2.." + MarkovModel.MOST_CLASSES);
    progress.report("counting", 0);
    NgramCounter counter = new NgramCounter(wanted.order());
    for (int index = 0; index < corpus.sequences(); index++) {
      count(corpus, index, counter, progress);
    }
    REFUSALS.require(
        counter.longestNgrams() > 0,
        "size",
        "no learned event with " + wanted.order() + " events before it",
        "at least 1; record for longer or learn with a lower order");
    progress.report("packing", 1);
    MarkovModel model =
        new MarkovModel(wanted.smoothing(), corpus.classes(), corpus.sequences(), counter.ngrams());
    return new LearnedModel(wanted.order(), ModelWriter.write(model), provenance(model));
  }

  private static void count(
      Corpus corpus, int index, NgramCounter counter, LearningProgress progress)
      throws ModelException {
    short[] sequence = corpus.sequence(index);
    int from = corpus.from(index);
    check(corpus, index, sequence, from);
    for (int position = from; position < sequence.length; position++) {
      counter.add(sequence, position);
      if (counter.nodes() > Ngrams.MOST) {
        throw REFUSALS.refusal(
            "n-grams", counter.nodes(), Ngrams.MOST + "; learn with a lower order");
      }
      if (counter.events() % EVENTS_PER_REPORT == 0) {
        double share = (double) (position - from) / (sequence.length - from);
        progress.report("counting", (index + share) / corpus.sequences());
      }
    }
  }

  private static void check(Corpus corpus, int index, short[] sequence, int from)
      throws ModelException {
    REFUSALS.require(
        from >= 0 && from <= sequence.length,
        "from of sequence " + index,
        from,
        "0.." + sequence.length);
    for (short event : sequence) {
      if (event < 0 || event >= corpus.classes()) {
        throw REFUSALS.refusal("event of sequence " + index, event, "0.." + (corpus.classes() - 1));
      }
    }
  }

  private static Map<String, String> provenance(MarkovModel model) {
    Ngrams ngrams = model.ngrams();
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("order", Integer.toString(model.order()));
    provenance.put("smoothing", model.smoothing().label());
    provenance.put("classes", Integer.toString(model.classes()));
    provenance.put("sequences", Long.toString(model.sequences()));
    provenance.put("events", Long.toString(ngrams.count(0)));
    provenance.put("n-grams", Integer.toString(ngrams.nodes() - 1));
    int longest = ngrams.longest();
    provenance.put(
        "n-grams of " + longest, Integer.toString(ngrams.end(longest) - ngrams.start(longest)));
    return provenance;
  }
}
