// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tagwatch.event.TaskKey;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.PlayerException;
import tagwatch.player.Progress;
import tagwatch.scorer.Corpus;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Learner;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/**
 * From recordings to a model in its folder. The thresholds are computed with the engine that will
 * run and the sessions that will run, fork by fork.
 */
final class Learning {
  /** Share of the time that the model itself takes: all but, if it is learned only once. */
  private static final double SHARE_OF_LEARNING = 0.3;

  private static final double SHARE_OF_LEARNING_ONCE = 0.93;
  private static final float LOUD = 3f;

  /** How much larger a loss has to be to be worth a word. */
  private static final double WORSE = 1.05;

  /** What other models are compared with. */
  private static final String BASELINE = "markov";

  /** The part that one model is judged by; of a long-lived process the latest. */
  private static final int HELD_OUT = Folds.COUNT - 1;

  private final Function<String, Optional<Learner>> learners;
  private final Function<String, Optional<ScorerEngine>> engines;
  private final List<String> formats;

  Learning(
      Function<String, Optional<Learner>> learners,
      Function<String, Optional<ScorerEngine>> engines,
      List<String> formats) {
    this.learners = learners;
    this.engines = engines;
    this.formats = formats;
  }

  /** Everything that is fixed for one order. */
  private record Task(
      LearnRequest request,
      EventLog log,
      FeatureSelection selection,
      List<String> symbols,
      Folds folds,
      Learner learner,
      ScorerEngine engine) {

    TrainingCorpus corpus(IntFunction<TrainingCorpus.Use> uses) {
      return TrainingCorpus.of(log, symbols, selection, uses);
    }

    /** The log with one part held out. */
    TrainingCorpus without(int fold) {
      return corpus(
          entry ->
              folds.foldOf(entry) == fold
                  ? TrainingCorpus.Use.HELD_OUT
                  : TrainingCorpus.Use.LEARNED);
    }

    double shareOfLearning() {
      return learner.sparesHeldOut() ? SHARE_OF_LEARNING_ONCE : SHARE_OF_LEARNING;
    }
  }

  private record HeldOut(
      List<Float> peaks, int foldsLeftOut, HeldOutLoss loss, HeldOutLoss baseline) {}

  LearnReport learn(LearnRequest request, Progress progress) throws PlayerException {
    long startedAt = System.nanoTime();
    check(request);
    ThresholdRule rule = ThresholdRule.parse(request.rule());
    progress.report("reading", 0);
    EventLog log = EventLog.read(request.tag(), request.recordings());
    FeatureSelection selection = FeatureSelection.of(request.features());
    Set<String> missing = selection.missingIn(log.vocabulary());
    if (!missing.isEmpty()) {
      throw new PlayerException(
          "features " + missing + " are not in the vocabulary " + log.vocabulary().name());
    }
    Task task =
        new Task(
            request,
            log,
            selection,
            TrainingCorpus.symbols(log, selection),
            Folds.of(log),
            learners.apply(request.format()).orElseThrow(this::noFormat),
            engines.apply(request.format()).orElseThrow(this::noFormat));
    try {
      return learn(task, rule, progress, startedAt);
    } catch (ModelException | ScorerBinding.ScoringException e) {
      throw new PlayerException(e.getMessage(), e);
    }
  }

  private PlayerException noFormat() {
    return new PlayerException("no learner or engine of that format; there are " + formats);
  }

  private static void check(LearnRequest request) throws PlayerException {
    if (request.recordings().isEmpty()) {
      throw new PlayerException("no recording to learn from");
    }
    if (request.rolling() < 1 || request.rolling() > ModelManifest.MAX_WINDOW) {
      throw new PlayerException(
          "rolling is " + request.rolling() + ", allowed is 1.." + ModelManifest.MAX_WINDOW);
    }
  }

  private LearnReport learn(Task task, ThresholdRule rule, Progress progress, long startedAt)
      throws ModelException, ScorerBinding.ScoringException, PlayerException {
    double share = task.shareOfLearning();
    TrainingCorpus corpus =
        task.learner.sparesHeldOut()
            ? task.without(HELD_OUT)
            : task.corpus(entry -> TrainingCorpus.Use.LEARNED);
    LearnedModel learned =
        learned(task, corpus, (step, done) -> progress.report(step, share * done));
    progress.report("scoring the training data", share);
    Map<TaskKey, Integer> processes = processes(task.log);
    Map<Integer, Rehearsal.Peak> peaks = rehearse(task, learned, processes);
    Rehearsal.Peak highest =
        peaks.values().stream()
            .max(Comparator.comparing(peak -> peak.score))
            .orElseThrow(
                () ->
                    new PlayerException(
                        "no task of tag "
                            + task.request.tag()
                            + " has more than "
                            + learned.window()
                            + " events; record longer or learn a smaller order"));
    HeldOut heldOut =
        task.learner.sparesHeldOut() ? judge(task, learned, progress) : holdOut(task, progress);
    if (rule.heldOut() && heldOut.peaks.isEmpty()) {
      throw new PlayerException("too little is recorded to hold parts of it out; use max:2");
    }
    float threshold = rule.threshold(highest.score, heldOut.peaks);
    progress.report("writing", 1);
    Novelty novelty = Novelty.of(task.log, task.symbols, task.selection, learned.window());
    Map<String, String> provenance = provenance(task, learned, peaks.size(), heldOut);
    provenance.putAll(judged(novelty, setter(task.log, highest), heldOut, threshold));
    StoredModel model = store(task, learned, threshold, provenance);
    return report(task, learned, model, peaks, highest, heldOut, novelty, processes, startedAt);
  }

  private static LearnedModel learned(Task task, Corpus corpus, LearningProgress progress)
      throws ModelException {
    try {
      return task.learner.learn(corpus, task.request.options(), progress);
    } catch (RuntimeException | LinkageError e) {
      throw new ModelException("the learner for '" + task.request.format() + "' failed: " + e, e);
    }
  }

  private static Map<TaskKey, Integer> processes(EventLog log) {
    Map<TaskKey, Integer> numbers = new HashMap<>();
    for (EventLog.Trace trace : log.traces()) {
      numbers.putIfAbsent(trace.start.process(), numbers.size());
    }
    return numbers;
  }

  private static Map<Integer, Rehearsal.Peak> rehearse(
      Task task, LearnedModel learned, Map<TaskKey, Integer> processes)
      throws ModelException, ScorerBinding.ScoringException {
    ScorerBinding binding = open(task, learned);
    try {
      return Rehearsal.play(
          task.log, binding, entry -> processes.get(task.log.traceAt(entry).start.process()));
    } finally {
      binding.close();
    }
  }

  private static ScorerBinding open(Task task, LearnedModel learned) throws ModelException {
    return ScorerBinding.open(
        ModelFolder.model(task.request, task.log, task.symbols, learned, 1f, Map.of()),
        task.engine,
        task.request.format());
  }

  /** Scores the part that the model did not learn. */
  private HeldOut judge(Task task, LearnedModel learned, Progress progress)
      throws ModelException, ScorerBinding.ScoringException {
    progress.report("scoring what was held out", SHARE_OF_LEARNING_ONCE);
    TrainingCorpus corpus = task.without(HELD_OUT);
    Optional<ScorerBinding> baseline = baseline(task, corpus);
    ScorerBinding binding = open(task, learned);
    try {
      int context = Math.max(binding.window, baseline.map(other -> other.window).orElse(0));
      return new HeldOut(
          peaks(task, binding, HELD_OUT),
          0,
          HeldOutLoss.of(corpus, binding, context),
          baseline.isEmpty() ? HeldOutLoss.NONE : HeldOutLoss.of(corpus, baseline.get(), context));
    } finally {
      binding.close();
      baseline.ifPresent(ScorerBinding::close);
    }
  }

  /** The yardstick: a Markov model of the same part; none where there is no such engine. */
  private Optional<ScorerBinding> baseline(Task task, TrainingCorpus corpus) throws ModelException {
    Optional<Learner> learner = learners.apply(BASELINE);
    Optional<ScorerEngine> engine = engines.apply(BASELINE);
    if (learner.isEmpty() || engine.isEmpty()) {
      return Optional.empty();
    }
    LearnedModel learned = learner.get().learn(corpus.learnedPart(), Map.of(), (step, done) -> {});
    StoredModel model =
        ModelFolder.model(task.request, task.log, task.symbols, learned, 1f, Map.of());
    return Optional.of(ScorerBinding.open(model, engine.get(), BASELINE));
  }

  /** Learns each part from the others and scores it: what unseen normal behaviour looks like. */
  private static HeldOut holdOut(Task task, Progress progress)
      throws ScorerBinding.ScoringException {
    List<Float> peaks = new ArrayList<>();
    int leftOut = 0;
    HeldOutLoss loss = HeldOutLoss.NONE;
    for (int fold = 0; fold < Folds.COUNT; fold++) {
      progress.report(
          "holding out part " + (fold + 1) + " of " + Folds.COUNT,
          SHARE_OF_LEARNING + (1 - SHARE_OF_LEARNING) * (fold + 1) / (Folds.COUNT + 1));
      try {
        TrainingCorpus corpus = task.without(fold);
        LearnedModel learned = learned(task, corpus.learnedPart(), (step, done) -> {});
        ScorerBinding binding = open(task, learned);
        try {
          peaks.addAll(peaks(task, binding, fold));
          if (fold == HELD_OUT) {
            loss = HeldOutLoss.of(corpus, binding, binding.window);
          }
        } finally {
          binding.close();
        }
      } catch (ModelException e) {
        // the rest is too small to learn from: said in the report
        leftOut++;
      }
    }
    boolean isBaseline = task.request.format().equals(BASELINE);
    return new HeldOut(peaks, leftOut, loss, isBaseline ? loss : HeldOutLoss.NONE);
  }

  private static List<Float> peaks(Task task, ScorerBinding binding, int fold)
      throws ScorerBinding.ScoringException {
    Folds folds = task.folds;
    return Rehearsal.play(
            task.log,
            binding,
            entry -> folds.foldOf(entry) == fold ? folds.unitOf(entry) : Rehearsal.NO_UNIT)
        .values()
        .stream()
        .map(peak -> peak.score)
        .toList();
  }

  private static Map<String, String> provenance(
      Task task, LearnedModel learned, int processes, HeldOut heldOut) {
    Map<String, String> provenance = new TreeMap<>(learned.provenance());
    provenance.put("recordings", names(task.request));
    provenance.put("processes", Integer.toString(processes));
    provenance.put("rule", task.request.rule());
    provenance.put("heldOut.events", Long.toString(heldOut.loss.events()));
    provenance.put("heldOut.loss", String.format(Locale.ROOT, "%.5f", heldOut.loss.mean()));
    provenance.put(
        "heldOut.loss." + BASELINE, String.format(Locale.ROOT, "%.5f", heldOut.baseline.mean()));
    return provenance;
  }

  /** What a report on the model says about its training, long after the recordings are gone. */
  private static Map<String, String> judged(
      Novelty novelty, LearnReport.ThresholdSetter setter, HeldOut heldOut, float threshold) {
    Map<String, String> judged = new TreeMap<>();
    judged.put(
        "novelty",
        novelty.perThousand().stream()
            .map(value -> String.format(Locale.ROOT, "%.3f", value))
            .collect(Collectors.joining(",")));
    judged.put(
        "threshold.setter",
        String.format(
            Locale.ROOT,
            "process %d (%s) with %.2f nats at its event %d of %d",
            setter.processId(),
            setter.executable(),
            setter.score(),
            setter.atEvent(),
            setter.events()));
    judged.put("heldOut.parts", Integer.toString(heldOut.peaks.size()));
    judged.put(
        "heldOut.above",
        Long.toString(heldOut.peaks.stream().filter(peak -> peak > threshold).count()));
    return judged;
  }

  private static StoredModel store(
      Task task, LearnedModel learned, float threshold, Map<String, String> provenance)
      throws PlayerException, ModelException {
    return ModelFolder.write(
        task.request.models(),
        ModelFolder.model(task.request, task.log, task.symbols, learned, threshold, provenance));
  }

  private static String names(LearnRequest request) {
    return String.join(
        ", ",
        request.recordings().stream().map(file -> String.valueOf(file.getFileName())).toList());
  }

  private static LearnReport report(
      Task task,
      LearnedModel learned,
      StoredModel model,
      Map<Integer, Rehearsal.Peak> peaks,
      Rehearsal.Peak highest,
      HeldOut heldOut,
      Novelty novelty,
      Map<TaskKey, Integer> processes,
      long startedAt) {
    float threshold = model.manifest().threshold();
    return new LearnReport(
        model.manifest().version(),
        model.folder(),
        model.manifest().sha256(),
        model.content().remaining(),
        task.log.events(),
        processes.size(),
        task.log.traces().size(),
        model.classes(),
        learned.window(),
        threshold,
        task.request.rule(),
        setter(task.log, highest),
        highest.score,
        heldOut.peaks.isEmpty() ? Float.NaN : ThresholdRule.quantile(heldOut.peaks, 1),
        (float) heldOut.loss.mean(),
        (float) heldOut.baseline.mean(),
        heldOut.loss.events(),
        novelty.perThousand(),
        novelty.saturated(),
        remarks(task.log, novelty, peaks, heldOut, threshold),
        model.manifest().provenance(),
        (System.nanoTime() - startedAt) / 1_000_000,
        PeakMemory.kilobytes());
  }

  private static LearnReport.ThresholdSetter setter(EventLog log, Rehearsal.Peak highest) {
    EventLog.Trace trace = log.traces().get(highest.trace);
    return new LearnReport.ThresholdSetter(
        trace.start.process().threadId(),
        highest.detection.executable().path(),
        trace.events,
        highest.atEvent,
        highest.score,
        highest.detection.mostSurprising().stream()
            .map(seen -> String.format("%.1f %s", seen.surprise(), seen.hook()))
            .toList());
  }

  private static List<String> remarks(
      EventLog log,
      Novelty novelty,
      Map<Integer, Rehearsal.Peak> peaks,
      HeldOut heldOut,
      float threshold) {
    List<String> remarks = new ArrayList<>(log.remarks());
    if (!novelty.saturated()) {
      remarks.add(
          String.format(
              "the recording still brought %.1f new n-grams per 1,000 events at its end: record more,"
                  + " or expect false alarms on what is missing",
              novelty.perThousand().get(novelty.perThousand().size() - 1)));
    }
    List<Float> scores =
        peaks.values().stream().map(peak -> peak.score).sorted(Comparator.reverseOrder()).toList();
    if (scores.size() > 1 && scores.get(0) > LOUD * scores.get(1)) {
      remarks.add(
          String.format(
              "one process alone sets the highest score, %.1f times the next: look whether it belongs"
                  + " into the training",
              scores.get(0) / scores.get(1)));
    }
    long above = heldOut.peaks.stream().filter(peak -> peak > threshold).count();
    if (above > 0) {
      remarks.add(
          above
              + " of "
              + heldOut.peaks.size()
              + " held-out parts score above the threshold: expect"
              + " false alarms");
    }
    if (heldOut.foldsLeftOut > 0) {
      remarks.add(
          heldOut.foldsLeftOut + " held-out parts could not be scored: too little recorded");
    }
    if (heldOut.loss.mean() > WORSE * heldOut.baseline.mean()) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "a Markov model predicts what was held out better, with %.3f nats an event against"
                  + " %.3f: record more, or use it",
              heldOut.baseline.mean(),
              heldOut.loss.mean()));
    }
    return remarks;
  }

  /** Build ids of the programs that the trees of a log began with. */
  static List<String> buildIds(EventLog log) {
    Set<String> ids = new HashSet<>();
    for (EventLog.Trace trace : log.traces()) {
      if (trace.start.parent().isEmpty()) {
        Stream.of(trace.start.executable().buildId(), trace.executable.buildId())
            .filter(id -> !id.isEmpty())
            .forEach(ids::add);
      }
    }
    return ids.stream().sorted().toList();
  }

  /** Bytes that a model's version is made of: whatever makes it score or judge differently. */
  static ByteBuffer identity(
      LearnRequest request, ByteBuffer content, List<String> symbols, float threshold) {
    String rest = symbols + " " + request.features() + " " + request.rolling() + " " + threshold;
    byte[] words = rest.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(content.remaining() + words.length)
        .put(content.duplicate())
        .put(words)
        .flip();
  }
}
