// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import tagwatch.recording.TraceFile.Trace;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;

/** An engine that has learned from some traces and gives the surprises of others. */
final class Fit implements AutoCloseable {
  private static final int BATCH = 256;

  private final Alphabet alphabet;
  private final LearnedModel model;
  private final Scorer scorer;
  private final short[] rows;
  private final float[] surprises = new float[BATCH];

  private Fit(Alphabet alphabet, LearnedModel model, Scorer scorer) {
    this.alphabet = alphabet;
    this.model = model;
    this.scorer = scorer;
    this.rows = new short[BATCH * (model.window() + 1)];
  }

  static Fit of(Engine engine, List<Trace> traces, LearningProgress progress)
      throws ModelException {
    Alphabet alphabet = Alphabet.of(traces);
    TraceCorpus corpus =
        new TraceCorpus(alphabet.classes(), traces.stream().map(alphabet::classes).toList());
    LearnedModel learned = engine.learner().learn(corpus, engine.options(), progress);
    String origin = engine.format() + " learned from " + traces.size() + " traces";
    return new Fit(
        alphabet,
        learned,
        engine.scorer().open(new TraceModel(origin, alphabet.classes(), learned)));
  }

  ByteBuffer content() {
    return model.content();
  }

  /**
   * The surprise of each event that has a whole window before it. A trace too short for that is
   * preceded by unknown events: without a score it would pass as normal.
   */
  float[] surprises(Trace trace) {
    short[] events = alphabet.classes(trace);
    int window = model.window();
    if (events.length <= window) {
      short[] longer = new short[window + Math.max(1, events.length)];
      Arrays.fill(longer, (short) (alphabet.classes() - 1));
      System.arraycopy(events, 0, longer, longer.length - events.length, events.length);
      events = longer;
    }
    float[] all = new float[events.length - window];
    for (int first = 0; first < all.length; first += BATCH) {
      int count = Math.min(BATCH, all.length - first);
      for (int row = 0; row < count; row++) {
        System.arraycopy(events, first + row, rows, row * (window + 1), window + 1);
      }
      scorer.score(rows, count, surprises);
      System.arraycopy(surprises, 0, all, first, count);
    }
    return all;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
