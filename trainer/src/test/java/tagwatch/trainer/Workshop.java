// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.nio.file.Path;
import java.util.Map;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.tflite.TfliteEngine;

/** A learner with a real engine and real PyTorch; as a program, one that can be killed. */
final class Workshop {
  static final Path LIBRARIES = Path.of(System.getProperty(Torch.LIBRARIES, "target/natives"));

  /** Small and quick. */
  static final Map<String, String> QUICK =
      Map.of("window", "6", "width", "8", "epochs", "6", "batch", "32", "seed", "5");

  private Workshop() {}

  static CnnLearner learner(Path state) {
    return new CnnLearner(new TfliteEngine(), LIBRARIES, state);
  }

  static LearnedModel learn(Path state, Sequences corpus, Map<String, String> options)
      throws ModelException {
    return learner(state).learn(corpus, options, (step, done) -> {});
  }

  /** Learns what the tests learn, and says after each pass how far it is. */
  public static void main(String[] arguments) throws ModelException {
    learner(Path.of(arguments[0]))
        .learn(Sequences.server(1), QUICK, (step, done) -> System.out.println(done));
  }
}
