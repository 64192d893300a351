// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.PlayerException;
import tagwatch.player.RehearseReport;
import tagwatch.player.RehearseReport.RehearsedProcess;
import tagwatch.player.RehearseReport.RehearsedRecording;
import tagwatch.player.RehearseReport.SurprisingEvent;
import tagwatch.player.RehearseReport.UnknownEvent;
import tagwatch.player.RehearseRequest;
import tagwatch.scorer.markov.MarkovEngine;
import tagwatch.scorer.markov.MarkovLearner;

class TrialsTest {
  @TempDir Path folder;
  private final Learning learning =
      new Learning(
          format -> Optional.of(new MarkovLearner()),
          format -> Optional.of(new MarkovEngine()),
          List.of("markov"));
  private final Trials trials = new Trials(format -> Optional.of(new MarkovEngine()));
  private Path training;
  private Path other;

  @BeforeEach
  void record() throws IOException {
    training = Recorded.write(folder.resolve("training.twr"), 42, 20_000);
    other = Recorded.write(folder.resolve("other.twr"), 43, 20_000);
  }

  private LearnReport learn(String rule) throws PlayerException {
    return learning.learn(
        new LearnRequest(
            Scene.TAG,
            List.of(training),
            folder.resolve("models"),
            "markov",
            Map.of("order", "4"),
            List.of(),
            20,
            rule),
        (step, done) -> {});
  }

  private RehearsedRecording rehearse(LearnReport model, Path recording) throws PlayerException {
    return trials
        .rehearse(new RehearseRequest(model.folder(), List.of(recording)), (step, done) -> {})
        .recordings()
        .get(0);
  }

  @Test
  void shouldSayOfTheTrainingWhatLearningSaidOfIt() throws Exception {
    LearnReport learned = learn("max:2");

    RehearseReport report =
        trials.rehearse(
            new RehearseRequest(learned.folder(), List.of(training)), (step, done) -> {});

    assertThat(report.model().version()).isEqualTo(learned.version());
    assertThat(report.model().threshold()).isEqualTo(learned.threshold());
    assertThat(report.model().provenance()).isEqualTo(learned.provenance());
    RehearsedRecording recording = report.recordings().get(0);
    assertThat(recording.events()).isEqualTo(learned.events());
    assertThat(recording.tasks()).isEqualTo(learned.tasks());
    assertThat(recording.processes()).isEqualTo(learned.processes());
    assertThat(recording.novelty()).isEqualTo(learned.novelty());
    assertThat(recording.saturated()).isEqualTo(learned.saturated());
    assertThat(recording.processesAbove()).isZero();
    assertThat(recording.firstAbove()).isEmpty();
    RehearsedProcess loudest = recording.loudest().get(0);
    assertThat(loudest.score()).isEqualTo(learned.highest());
    assertThat(loudest.processId()).isEqualTo(learned.thresholdSetter().processId());
    assertThat(learned.provenance())
        .containsKeys("novelty", "threshold.setter", "heldOut.parts", "heldOut.above");
  }

  @Test
  void shouldFindTheScoresThatARehearsalInMemoryFinds() throws Exception {
    LearnReport learned = learn("quantile:0.6");
    ScorerBinding binding =
        ScorerBinding.open(
            StoredModel.read(learned.folder().resolve(ModelManifest.FILE)),
            new MarkovEngine(),
            "markov");
    EventLog log = EventLog.read(Scene.TAG, List.of(other));
    Map<Integer, Rehearsal.Peak> peaks =
        Rehearsal.play(log, binding, entry -> log.traceAt(entry).start.process().threadId());

    RehearsedRecording recording = rehearse(learned, other);

    assertThat(recording.loudest())
        .hasSize(12)
        .isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
    for (RehearsedProcess process : recording.loudest()) {
      assertThat(process.score()).isEqualTo(peaks.get(process.processId()).score);
    }
    assertThat(recording.processesAbove())
        .isPositive()
        .isEqualTo(
            (int) peaks.values().stream().filter(peak -> peak.score > learned.threshold()).count());
    assertThat(recording.alarms()).isGreaterThanOrEqualTo(recording.processesAbove());
    assertThat(recording.peaks().bins().stream().mapToLong(RehearseReport.Bin::count).sum())
        .isEqualTo(peaks.size());
  }

  @Test
  void shouldAccountForEveryEvent() throws Exception {
    RehearsedRecording recording = rehearse(learn("quantile:0.6"), other);

    long unknown = recording.unknown().values().stream().mapToLong(Long::longValue).sum();
    assertThat(recording.scored() + unknown).isEqualTo(recording.events());
    assertThat(recording.gaps()).isPositive();
    assertThat(recording.scores().bins().stream().mapToLong(RehearseReport.Bin::count).sum())
        .isEqualTo(recording.scored());
    assertThat(recording.timeline().stream().mapToLong(RehearseReport.Span::count).sum())
        .isEqualTo(recording.scored());
    assertThat(recording.timeline()).hasSizeLessThanOrEqualTo(600);
    double highest =
        recording.timeline().stream().mapToDouble(RehearseReport.Span::highest).max().orElse(0);
    assertThat((float) highest).isEqualTo(recording.loudest().get(0).score());
    RehearsedProcess first = recording.firstAbove().orElseThrow();
    assertThat(recording.loudest())
        .filteredOn(process -> process.aboveEvent() >= 0)
        .allSatisfy(
            process ->
                assertThat(process.aboveSeconds()).isGreaterThanOrEqualTo(first.aboveSeconds()));
    assertThat(recording.surprising().stream().mapToLong(SurprisingEvent::times).sum())
        .isLessThanOrEqualTo(recording.events());
  }

  @Test
  void shouldNameTheEventsThatTheModelHasNoClassFor() throws Exception {
    LearnReport learned = learn("max:2");
    StoredModel whole = StoredModel.read(learned.folder().resolve(ModelManifest.FILE));
    EventCensus census = new EventCensus(new SymbolTable(Scene.VOCABULARY), whole.manifest());
    assertThat(census.coverage().seen()).isZero();
    assertThat(census.coverage().unseen()).isEqualTo(whole.manifest().symbols());

    RehearsedRecording recording = rehearse(learned, other);

    assertThat(recording.coverage().classes()).isEqualTo(learned.classes() - 1);
    assertThat(recording.coverage().seen() + recording.coverage().unseen().size())
        .isEqualTo(recording.coverage().classes());
    assertThat(recording.coverage().unknown().stream().mapToLong(UnknownEvent::times).sum())
        .isEqualTo(recording.coverage().unknownEvents());
  }

  @Test
  void shouldTellHowFarItIsAndWhatIsWrong() throws Exception {
    LearnReport learned = learn("max:2");
    List<Double> steps = new ArrayList<>();
    trials.rehearse(
        new RehearseRequest(learned.folder(), List.of(training, other)),
        (step, done) -> steps.add(done));
    assertThat(steps).contains(0.0, 1.0).hasSizeGreaterThan(6);

    Path none = folder.resolve("none");
    assertThatThrownBy(
            () -> trials.rehearse(new RehearseRequest(none, List.of(other)), (step, done) -> {}))
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining(none.toString());
    assertThatThrownBy(
            () ->
                new Trials(format -> Optional.empty())
                    .rehearse(new RehearseRequest(learned.folder(), List.of()), (step, done) -> {}))
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining("no engine for its format 'markov'");
  }
}
