// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The words and figures of the page, by the names that its template uses. */
final class PageContent {
  private static final int EVENTS_SHOWN = 12;
  private static final int WORDS_SHOWN = 40;

  private final TrainingReport report;

  /** What most hooks begin with, e.g. {@code x86_64/}; on nearly every line it would be noise. */
  private final String usual;

  private PageContent(TrainingReport report) {
    this.report = report;
    this.usual =
        report.subjects().stream()
            .flatMap(subject -> subject.recording().surprising().stream())
            .map(event -> event.event().substring(0, event.event().indexOf('/') + 1))
            .collect(Collectors.groupingBy(prefix -> prefix, TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse("");
  }

  static Map<String, Object> of(TrainingReport report) {
    return new PageContent(report).content();
  }

  private Map<String, Object> content() {
    Rehearsed.Model model = report.model();
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("version", model.version());
    content.put("tag", model.tag());
    content.put("generated", report.generatedAt().replace('T', ' ').replace("Z", " UTC"));
    content.put("verdict", report.judgement());
    content.put("readiness", report.judgement().readiness().name().toLowerCase(Locale.ROOT));
    content.put(
        "sign",
        switch (report.judgement().readiness()) {
          case READY -> "met";
          case NOT_YET -> "missing";
          case NO -> "failed";
        });
    content.put("checks", report.judgement().checks().stream().map(this::check).toList());
    content.put(
        "todo",
        report.judgement().readiness() == Judgement.Readiness.READY
            ? "What could still be better"
            : "What to do before enforcing");
    content.put("missing", report.judgement().missing());
    content.put("anyMissing", !report.judgement().missing().isEmpty());
    content.put("threshold", Figures.nats(model.threshold()));
    content.put("anySubject", !report.subjects().isEmpty());
    content.put("anyAttack", !report.recordings(Role.ATTACK).isEmpty());
    content.put("subjects", report.subjects().stream().map(this::subject).toList());
    content.put("telling", telling());
    content.put("setter", setter());
    content.put("learned", learned());
    content.put("saturation", saturation());
    content.put("other", report.other() == null ? null : comparison());
    content.put("facts", facts());
    return content;
  }

  /** Those that tell something new; what was trained on surprises least. */
  private List<Map<String, Object>> telling() {
    List<Subject> others =
        report.subjects().stream().filter(it -> it.role() != Role.TRAINING).toList();
    return (others.isEmpty() ? report.subjects() : others).stream().map(this::subject).toList();
  }

  private Map<String, Object> check(Check check) {
    return Map.of(
        "state",
        check.state().name().toLowerCase(Locale.ROOT),
        "word",
        switch (check.state()) {
          case MET -> "Yes";
          case NOTE -> "Note";
          case MISSING -> "Missing";
          case FAILED -> "No";
        },
        "question",
        check.question(),
        "answer",
        check.answer(),
        "remedy",
        check.remedy());
  }

  static String roleName(Role role) {
    return switch (role) {
      case TRAINING -> "Training";
      case NORMAL -> "Held-out normal use";
      case ATTACK -> "Attack";
    };
  }

  private Map<String, Object> subject(Subject subject) {
    Rehearsed.Recording recording = subject.recording();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("role", roleName(subject.role()));
    view.put("roleClass", subject.role().name().toLowerCase(Locale.ROOT));
    view.put("name", recording.name());
    view.put("events", Figures.count(recording.events()));
    view.put("processes", Figures.count(recording.processes()));
    view.put("duration", Figures.duration(recording.seconds()));
    view.put("above", Figures.count(recording.processesAbove()));
    view.put("alarms", Figures.count(recording.alarms()));
    view.put("highest", Figures.nats(recording.highest()));
    view.put("times", Figures.times(recording.highest() / report.model().threshold()));
    view.put("unscored", Figures.count(recording.events() - recording.scored()));
    view.put("gaps", Figures.count(recording.gaps()));
    view.put(
        "surprising",
        recording.surprising().stream().limit(EVENTS_SHOWN).map(this::event).toList());
    view.put("loudest", recording.loudest().stream().map(this::peak).toList());
    view.put("coverage", coverage(recording));
    return view;
  }

  private Map<String, Object> event(Rehearsed.Event event) {
    Map<String, Object> view = new LinkedHashMap<>(words(event.event()));
    view.putAll(
        Map.of(
            "unseen",
            !event.known(),
            "times",
            Figures.count(event.times()),
            "above",
            Figures.count(event.above()),
            "highest",
            Figures.nats(event.highest()),
            "mean",
            Figures.nats(event.mean())));
    return view;
  }

  /** The hook as one word, for it is what people look for; its features beside it. */
  private Map<String, Object> words(String event) {
    int space = event.indexOf(' ');
    String name = space < 0 ? event : event.substring(0, space);
    String features = space < 0 ? "" : event.substring(space + 1);
    return Map.of(
        "hook",
        name.startsWith(usual) ? name.substring(usual.length()) : name,
        "features",
        features);
  }

  private Map<String, Object> peak(Rehearsed.Peak peak) {
    return Map.of(
        "processId",
        peak.processId(),
        "program",
        peak.program(),
        "executable",
        peak.executable(),
        "events",
        Figures.count(peak.events()),
        "score",
        Figures.nats(peak.score()),
        "atEvent",
        Figures.count(peak.atEvent()),
        "since",
        peak.aboveEvent() < 0 ? "–" : Figures.count(peak.aboveEvent()),
        "isAbove",
        peak.aboveEvent() >= 0,
        "window",
        peak.surprising().stream()
            .map(
                seen -> {
                  Map<String, Object> view = new LinkedHashMap<>(words(seen.hook()));
                  view.put("surprise", Figures.nats(seen.surprise()));
                  return view;
                })
            .toList());
  }

  private Map<String, Object> coverage(Rehearsed.Recording recording) {
    Rehearsed.Coverage coverage = recording.coverage();
    return Map.of(
        "classes",
        Figures.count(coverage.classes()),
        "seen",
        Figures.count(coverage.seen()),
        "unknownEvents",
        Figures.count(coverage.unknownEvents()),
        "unknownShare",
        Figures.percent(
            recording.events() == 0 ? 0 : (double) coverage.unknownEvents() / recording.events()),
        "anyUnknown",
        coverage.unknownEvents() > 0,
        "unknown",
        coverage.unknown().stream()
            .limit(WORDS_SHOWN)
            .map(it -> Map.of("event", it.event(), "times", Figures.count(it.times())))
            .toList(),
        "anyUnseen",
        !coverage.unseen().isEmpty(),
        "unseen",
        coverage.unseen().stream().limit(WORDS_SHOWN).toList());
  }

  /** The process that sets the threshold: of the training if it was given, else as it was told. */
  private Map<String, Object> setter() {
    List<Rehearsed.Recording> training = report.recordings(Role.TRAINING);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("rule", rule());
    view.put("told", report.model().provenance().getOrDefault("threshold.setter", ""));
    training.stream()
        .filter(it -> !it.loudest().isEmpty())
        .max((a, b) -> Float.compare(a.highest(), b.highest()))
        .ifPresent(
            it -> {
              view.put("process", peak(it.loudest().get(0)));
              view.put("others", it.loudest().size() - 1);
              view.put(
                  "next", it.loudest().size() > 1 ? Figures.nats(it.loudest().get(1).score()) : "");
              view.put("from", it.name());
            });
    view.putIfAbsent("process", null);
    return view;
  }

  private String rule() {
    String rule = report.model().rule();
    if (rule.startsWith("max:")) {
      return rule.substring("max:".length()) + " times the highest score over the training data";
    }
    if (rule.startsWith("quantile:")) {
      return "the " + rule.substring("quantile:".length()) + " quantile of held-out parts";
    }
    return rule;
  }

  private Map<String, Object> learned() {
    Loss loss = report.loss();
    String text;
    if (!loss.known()) {
      text =
          report.model().format().equals("markov")
              ? "A Markov model counts what follows what, once: there are no epochs and no loss"
                  + " curve."
              : "The model tells nothing of its training: its provenance has no loss.training and no"
                  + " loss.heldOut.";
    } else {
      int best = loss.bestEpoch();
      text =
          Figures.count(Math.max(loss.training().size(), loss.heldOut().size()), "epoch", "epochs")
              + (best == 0
                  ? "; nothing was held out."
                  : String.format(
                      "; the held-out loss was lowest after epoch %d: %.3f nats an event.",
                      best, loss.heldOut().get(best - 1)));
    }
    return Map.of("curve", loss.known(), "text", text);
  }

  private Map<String, Object> saturation() {
    Saturation saturation = report.saturation();
    return Map.of(
        "known",
        saturation.known(),
        "tenths",
        saturation.perThousand().stream().map(Figures::nats).collect(Collectors.joining(" · ")),
        "limit",
        Figures.times(Saturation.LIMIT));
  }

  private Map<String, Object> comparison() {
    TrainingReport.Comparison other = report.other();
    List<Map<String, Object>> rows = new ArrayList<>();
    row(rows, "Engine", report.model().format(), other.model().format());
    row(rows, "Version", report.model().version(), other.model().version());
    row(rows, "Size", Figures.bytes(report.model().bytes()), Figures.bytes(other.model().bytes()));
    row(rows, "Context", report.model().window() + " events", other.model().window() + " events");
    row(
        rows,
        "Threshold",
        Figures.nats(report.model().threshold()) + " nats",
        Figures.nats(other.model().threshold()) + " nats");
    row(
        rows,
        "Held-out loss in training, nats an event",
        report.model().provenance().getOrDefault("heldOut.loss", "not told"),
        other.model().provenance().getOrDefault("heldOut.loss", "not told"));
    for (int i = 0; i < report.subjects().size(); i++) {
      Subject mine = report.subjects().get(i);
      Rehearsed.Recording theirs = other.subjects().get(i).recording();
      String name = mine.recording().name();
      row(rows, name + ": processes above the threshold", above(mine.recording()), above(theirs));
      row(
          rows,
          name + ": highest score, of the threshold",
          ratio(mine.recording(), report.model()),
          ratio(theirs, other.model()));
      if (mine.role() == Role.ATTACK) {
        row(rows, name + ": first alarm", firstAlarm(mine.recording()), firstAlarm(theirs));
      }
    }
    return Map.of("mine", report.model().format(), "theirs", other.model().format(), "rows", rows);
  }

  private static void row(List<Map<String, Object>> rows, String name, String mine, String theirs) {
    rows.add(Map.of("name", name, "mine", mine, "theirs", theirs));
  }

  private static String above(Rehearsed.Recording recording) {
    return Figures.count(recording.processesAbove())
        + " of "
        + Figures.count(recording.processes());
  }

  private static String ratio(Rehearsed.Recording recording, Rehearsed.Model model) {
    return String.format(Locale.ROOT, "%.2f ×", recording.highest() / model.threshold());
  }

  private static String firstAlarm(Rehearsed.Recording recording) {
    Rehearsed.Peak first = recording.firstAbove();
    return first == null
        ? "none"
        : String.format(
            Locale.ROOT,
            "event %,d of %s, after %s",
            first.aboveEvent(),
            first.program(),
            Figures.duration(first.aboveSeconds()));
  }

  private List<Map<String, Object>> facts() {
    Rehearsed.Model model = report.model();
    List<Map<String, Object>> facts = new ArrayList<>();
    fact(facts, "Version", model.version());
    fact(facts, "Engine", model.format() + ", " + Figures.bytes(model.bytes()));
    fact(
        facts,
        "Context",
        model.window() + " events before each; score over the last " + model.rolling());
    fact(
        facts,
        "Classes",
        model.classes()
            + (model.features().isEmpty()
                ? ", hooks alone"
                : ", hooks with " + String.join(", ", model.features())));
    fact(facts, "Threshold", Figures.nats(model.threshold()) + " nats, by " + model.rule());
    fact(facts, "SHA-256", model.sha256());
    fact(
        facts,
        "Build ids",
        model.buildIds().isEmpty() ? "not known" : String.join(", ", model.buildIds()));
    model
        .provenance()
        .forEach(
            (name, value) -> {
              if (!name.startsWith("loss.")) {
                fact(facts, name, value);
              }
            });
    return facts;
  }

  private static void fact(List<Map<String, Object>> facts, String name, String value) {
    facts.add(Map.of("name", name, "value", value));
  }
}
