// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingVisitor;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.markov.MarkovEngine;
import tagwatch.scorer.markov.MarkovLearner;

class LearningTest {
  @TempDir Path folder;
  private final Learning learning =
      new Learning(
          format -> format.equals("markov") ? Optional.of(new MarkovLearner()) : Optional.empty(),
          format -> format.equals("markov") ? Optional.of(new MarkovEngine()) : Optional.empty(),
          List.of("markov"));
  private final ModelStore store = new ModelStore();
  private Path recording;

  @BeforeEach
  void record() throws IOException {
    recording = Recorded.write(folder.resolve("training.twr"), 42, 20_000);
  }

  private LearnRequest request(List<String> features, String rule, Path... files) {
    return new LearnRequest(
        Scene.TAG,
        List.of(files),
        folder.resolve("models"),
        "markov",
        Map.of("order", "4"),
        features,
        20,
        rule);
  }

  private LearnReport learn(String rule) throws PlayerException {
    return learning.learn(request(List.of("path"), rule, recording), (step, done) -> {});
  }

  private Path manifest(LearnReport report) {
    return report.folder().resolve(ModelManifest.FILE);
  }

  private StoredModel load(LearnReport report) {
    store.install(manifest(report).toFile());
    return store.find(Scene.TAG, report.version()).orElseThrow();
  }

  @Test
  void shouldLearnAModelThatTheStoreLoadsAndTheEngineOpens() throws Exception {
    LearnReport report = learn("max:2");
    assertThat(report.threshold()).isEqualTo(2 * report.highest());
    assertThat(report.novelty()).hasSize(10);
    assertThat(report.novelty().get(0)).isGreaterThan(report.novelty().get(9));
    assertThat(report.thresholdSetter().surprising()).isNotEmpty();
    StoredModel model = load(report);
    assertThat(model.manifest().symbols()).contains("h1").anyMatch(it -> it.startsWith("h0 path="));
    assertThat(model.manifest().buildIds()).containsExactly("aa");
    ScorerBinding.open(model, new MarkovEngine(), "markov").close();
    assertThat(learn("max:2").version()).as("the same again").isEqualTo(report.version());
    assertThat(learn("quantile:0.9").threshold()).isNotEqualTo(report.threshold());
  }

  /** What the thresholds were computed from is what the device will compute. */
  @Test
  void shouldRehearseExactlyTheScoresOfTheLiveStream() throws Exception {
    StoredModel model = load(learn("max:2"));
    Path other = Recorded.write(folder.resolve("other.twr"), 43, 20_000);
    EventLog log = EventLog.read(Scene.TAG, List.of(other));
    ScorerBinding offline = ScorerBinding.open(model, new MarkovEngine(), "markov");
    Map<Integer, Rehearsal.Peak> peaks =
        Rehearsal.play(log, offline, entry -> log.traceAt(entry).number);
    Map<TaskKey, Float> rehearsed = new HashMap<>();
    peaks.forEach((trace, peak) -> rehearsed.put(log.traces().get(trace).start.task(), peak.score));
    assertThat(rehearsed).hasSizeGreaterThan(20);
    try (Scene scene = new Scene()) {
      scene.gate(Gate.MONITOR);
      scene.stream.takeOver(ScorerBinding.open(model, new MarkovEngine(), "markov"));
      Live live = new Live(scene);
      try (RecordingReader reader = RecordingReader.open(other)) {
        while (reader.next(live)) {
          scene.intake.signal();
        }
      }
      live.remember(null);
      assertThat(live.highest).isEqualTo(rehearsed);
      Accounting accounts = scene.accounts();
      assertThat(accounts.delivered()).isEqualTo(log.events());
      assertThat(accounts.balanced()).isTrue();
      assertThat(accounts.waiting()).isZero();
    }
  }

  /** Feeds a recording to a stream and keeps the highest score of each task. */
  private static final class Live implements RecordingVisitor {
    private final Scene scene;
    private final Map<Integer, Integer> handles = new HashMap<>();
    private final Map<Integer, TaskKey> keys = new HashMap<>();
    private final Map<TaskKey, Float> highest = new HashMap<>();

    Live(Scene scene) {
      this.scene = scene;
    }

    void remember(TaskKey task) {
      try {
        for (SessionStatus session : scene.quiet().sessions()) {
          if ((task == null || session.task().equals(task)) && !Float.isNaN(session.highest())) {
            highest.put(session.task(), session.highest());
          }
        }
      } catch (PlayerException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void taskStarted(int task, TaskStart start) {
      handles.put(task, scene.intake.taskStarted(start));
      keys.put(task, start.task());
    }

    @Override
    public void taskExecuted(int task, Executable executable, long timestampNs) {
      scene.intake.taskExecuted(handles.get(task), executable, timestampNs);
    }

    @Override
    public void event(
        int task, int hook, long sequence, long time, ByteBuffer slots, int at, int length) {
      assertThat(scene.intake.event(handles.get(task), hook, sequence, time, slots, at, length))
          .isTrue();
    }

    @Override
    public void gap(int task, long lost) {
      scene.intake.gap(handles.get(task), lost);
    }

    @Override
    public void taskExited(int task, long timestampNs, long lastSequence) {
      remember(keys.get(task));
      scene.intake.taskExited(handles.remove(task), timestampNs, lastSequence);
    }

    @Override
    public void beacon(long timestampNs, long wallClockNs) {}

    @Override
    public void skipped(long events, RecordingException cause) {
      throw new AssertionError(cause);
    }
  }

  @Test
  void shouldRecordWhatItPlaysSoThatItCanBeLearned() throws Exception {
    Path copy = folder.resolve("copy.twr");
    try (Scene scene = new Scene()) {
      FakeSource source = new FakeSource("d");
      scene.source(source);
      int before = scene.started(1, 0);
      scene.events(before, 1, 1, 10);
      scene.quiet();
      RecordingTap tap = RecordingTap.open(copy, "test", Scene.VOCABULARY, Map.of());
      scene.stream.tap(tap);
      int handle = scene.started(2, 1);
      source.imageFrom = 11;
      source.imageTo = 15;
      scene.events(handle, 2, 1, 10);
      // 11-15 come with the image; of the later hole, 31-45, only 41-45 do
      scene.events(handle, 2, 16, 15);
      scene.quiet();
      source.imageFrom = 41;
      source.imageTo = 45;
      scene.events(handle, 2, 46, 5);
      scene.events(before, 1, 11, 5);
      scene.intake.taskExited(handle, 99, 50);
      scene.quiet();
      scene.stream.tap(null);
      assertThat(tap.finish()).isEqualTo(10 + 5 + 15 + 5 + 5 + 5);
      assertThatThrownBy(() -> RecordingTap.open(copy, "test", Scene.VOCABULARY, Map.of()))
          .isInstanceOf(PlayerException.class)
          .hasMessageContaining(copy.toString());
    }
    try (RecordingReader reader = RecordingReader.open(copy)) {
      assertThat(reader.summary().events()).isEqualTo(45);
      assertThat(reader.summary().lost()).isEqualTo(10);
      assertThat(reader.summary().complete()).isTrue();
    }
    EventLog log = EventLog.read(Scene.TAG, List.of(copy));
    assertThat(log.traces()).hasSize(2);
    assertThat(log.traces().get(0).start.origin()).isEqualTo(TaskStart.Origin.RESUMED);
    assertThat(log.traces().get(1).events).isEqualTo(40);
  }

  @Test
  void shouldRefuseWhatItCannotLearn() throws Exception {
    assertRefused(request(List.of("path"), "max:0.5", recording), "max:0.5", "quantile:Q");
    assertRefused(request(List.of("path"), "max:NaN", recording), "max:NaN");
    assertRefused(request(List.of("colour"), "max:2", recording), "colour");
    assertRefused(request(List.of(), "max:2"), "no recording");
    assertRefused(request(List.of(), "max:2", folder.resolve("gone")), "gone");
    byte[] bytes = Files.readAllBytes(recording);
    bytes[bytes.length / 2] ^= 1;
    Path flipped = Files.write(folder.resolve("flipped.twr"), bytes);
    assertRefused(request(List.of(), "max:2", flipped), "flipped.twr", "block");
    Path text = Files.writeString(folder.resolve("text.twr"), "no recording at all");
    assertRefused(request(List.of(), "max:2", text), "text.twr");
  }

  private void assertRefused(LearnRequest request, String... words) {
    assertThatThrownBy(() -> learning.learn(request, (step, done) -> {}))
        .isInstanceOf(PlayerException.class)
        .message()
        .contains(words);
  }

  @Test
  void shouldKeepTheGoodModelWhenItsFilesAreDamaged() throws Exception {
    LearnReport report = learn("max:2");
    StoredModel good = load(report);
    Path content = report.folder().resolve("model.bin");
    byte[] bytes = Files.readAllBytes(content);
    bytes[bytes.length / 2] ^= 1;
    Files.write(content, bytes);
    store.update(manifest(report).toFile());
    assertThat(store.find(Scene.TAG, report.version())).containsSame(good);
    assertThat(store.entries().get(0).reason())
        .contains("model.bin")
        .contains("sha256")
        .contains(report.sha256());
    Files.write(content, Arrays.copyOf(bytes, bytes.length / 2));
    store.update(manifest(report).toFile());
    assertThat(store.entries().get(0).reason()).contains("sha256");
    Files.delete(content);
    store.update(manifest(report).toFile());
    assertThat(store.entries().get(0).reason()).contains("'content'").contains("there is none");
    store.uninstall(manifest(report).toFile());
    assertThat(store.find(Scene.TAG, report.version())).isEmpty();
  }

  @Test
  void shouldNotOpenATruncatedModelWhoseManifestAgrees() throws Exception {
    LearnReport report = learn("max:2");
    Path content = report.folder().resolve("model.bin");
    byte[] bytes = Files.readAllBytes(content);
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    Files.write(content, half);
    String text = Files.readString(manifest(report));
    Files.writeString(
        manifest(report), text.replace(report.sha256(), StoredModel.sha256(ByteBuffer.wrap(half))));
    store.install(manifest(report).toFile());
    StoredModel model = store.find(Scene.TAG, report.version()).orElseThrow();
    assertThatThrownBy(() -> ScorerBinding.open(model, new MarkovEngine(), "markov"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("length");
  }

  @Test
  void shouldRefuseAnyMutationOfAManifestWithAMessageOnly() throws Exception {
    LearnReport report = learn("max:2");
    byte[] good = Files.readAllBytes(manifest(report));
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Files.write(manifest(report), bytes);
      try {
        ModelManifest.read(manifest(report));
      } catch (ModelException e) {
        assertThat(e.getMessage())
            .as("seed " + seed + " round " + round)
            .contains(manifest(report).toString());
      }
    }
  }
}
