// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tagwatch.scorer.Corpus;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Learner;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/**
 * Makes models of the format {@code tflite}: the next-event network of 2020, trained with PyTorch.
 *
 * <p>The sequences that are held out only say when to stop. The same corpus, options and kind of
 * processor give the same bytes. What is trained is written down after each pass, so that the same
 * order goes on after an interruption, and is answered at once after the end.
 */
@Component(property = ScorerEngine.FORMAT + "=" + CnnLearner.FORMAT_NAME)
public final class CnnLearner implements Learner {
  static final String FORMAT_NAME = "tflite";

  /** Framework property: folder for trainings that are not finished, or just were. */
  static final String STATE = "tagwatch.trainer.state";

  private final ScorerEngine engine;
  private final Path libraries;
  private final Path state;

  /** Called by the framework. */
  @Activate
  public CnnLearner(
      BundleContext context,
      @Reference(target = "(" + ScorerEngine.FORMAT + "=" + FORMAT_NAME + ")")
          ScorerEngine engine) {
    this(engine, path(context, Torch.LIBRARIES, "natives"), path(context, STATE, cache()));
  }

  CnnLearner(ScorerEngine engine, Path libraries, Path state) {
    this.engine = engine;
    this.libraries = libraries;
    this.state = state;
  }

  private static Path path(BundleContext context, String property, String fallback) {
    String set = context.getProperty(property);
    return Path.of(set == null ? fallback : set).toAbsolutePath();
  }

  private static String cache() {
    String set = System.getenv("XDG_CACHE_HOME");
    Path folder =
        set == null || set.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(set);
    return folder.resolve("tagwatch/training").toString();
  }

  @Override
  public Map<String, String> options() {
    return Settings.described();
  }

  @Override
  public boolean sparesHeldOut() {
    return true;
  }

  @Override
  public LearnedModel learn(Corpus corpus, Map<String, String> options, LearningProgress progress)
      throws ModelException {
    Settings settings = Settings.parse(options);
    Topology topology = new Topology(settings.window(), corpus.classes(), settings.width());
    Rows learned = Rows.of(corpus, settings.window(), false);
    Rows heldOut = Rows.of(corpus, settings.window(), true);
    require(learned, "to learn from", settings);
    require(heldOut, "held out, to judge by when to stop,", settings);
    progress.report("training: starting PyTorch", 0);
    Engine torch = Torch.start(libraries);
    Network network = new Network(torch, topology);
    Course course = new Course(network, learned, heldOut, settings, progress);
    try {
      Checkpoint checkpoint = new Checkpoint(state, CorpusDigest.of(corpus, settings));
      Optional<Training> earlier = settings.resume() ? checkpoint.read(topology) : Optional.empty();
      Training training = earlier.orElseGet(() -> Training.begin(topology, settings));
      course.run(training, checkpoint);
      checkpoint.clear();
      ByteBuffer content = TfliteWriter.write(training.best, settings.weights());
      Agreement agreement = Agreement.of(engine, content, network, training.best, heldOut);
      agreement.require(settings.weights());
      return new LearnedModel(
          settings.window(), content, provenance(settings, training, learned, heldOut, agreement));
    } catch (IOException e) {
      throw new ModelException(
          "the training cannot be written into " + state + ": " + e + "; set " + STATE, e);
    }
  }

  private static void require(Rows rows, String use, Settings settings) throws ModelException {
    if (rows.distinct() == 0) {
      throw new ModelException(
          "there is no event "
              + use
              + " with "
              + settings.window()
              + " events before it; record longer or use a smaller window");
    }
  }

  private static Map<String, String> provenance(
      Settings settings, Training training, Rows learned, Rows heldOut, Agreement agreement) {
    Map<String, String> provenance = new LinkedHashMap<>();
    provenance.put("seed", Long.toString(settings.seed()));
    provenance.put("width", Integer.toString(settings.width()));
    provenance.put("batch", Integer.toString(settings.batch()));
    provenance.put("repeats", Integer.toString(settings.repeats()));
    provenance.put("rate", Double.toString(settings.rate()));
    provenance.put("weights", settings.weights().label());
    provenance.put("parameters", Integer.toString(training.weights.count()));
    provenance.put("rows.distinct", Integer.toString(learned.distinct()));
    provenance.put("rows.training", Long.toString(learned.total()));
    provenance.put("rows.heldOut", Long.toString(heldOut.total()));
    provenance.put("epochs", Integer.toString(training.epochs()));
    provenance.put("epoch.best", Integer.toString(training.bestEpoch()));
    provenance.put("loss.training", list(training.learnedLoss));
    provenance.put("loss.heldOut", list(training.heldOutLoss));
    provenance.put("agreement.rows", Integer.toString(agreement.rows()));
    provenance.put("agreement.probability", decimal(agreement.largest()));
    provenance.put("agreement.loss", decimal(agreement.engineLoss() - agreement.loss()));
    return provenance;
  }

  private static String list(List<Float> losses) {
    return losses.stream()
        .map(loss -> String.format(Locale.ROOT, "%.5f", loss))
        .collect(Collectors.joining(","));
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2e", value);
  }
}
