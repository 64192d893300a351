// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.tflite.TfliteEngine;

class CnnLearnerTest {
  @TempDir Path state;

  private static Map<String, String> but(String option, String value) {
    Map<String, String> options = new HashMap<>(Workshop.QUICK);
    options.put(option, value);
    return options;
  }

  private static double last(LearnedModel learned, String losses) {
    String[] all = learned.provenance().get(losses).split(",", -1);
    return Double.parseDouble(all[all.length - 1]);
  }

  @Test
  void shouldPredictALoop() throws Exception {
    LearnedModel learned = Workshop.learn(state, Sequences.server(1), but("epochs", "40"));

    assertThat(learned.window()).isEqualTo(6);
    assertThat(last(learned, "loss.heldOut")).as("a guess costs 1.6 nats").isLessThan(0.6);
    assertThat(learned.provenance())
        .containsEntry("seed", "5")
        .containsEntry("rows.training", "1152")
        .containsEntry("rows.heldOut", "288")
        .containsKeys("loss.training", "agreement.probability", "epoch.best");
  }

  @Test
  void shouldMakeTheSameBytesOfTheSameSeedOnly() throws Exception {
    LearnedModel first = Workshop.learn(state.resolve("a"), Sequences.server(1), Workshop.QUICK);
    LearnedModel again = Workshop.learn(state.resolve("b"), Sequences.server(1), Workshop.QUICK);
    LearnedModel other = Workshop.learn(state, Sequences.server(1), but("seed", "6"));

    assertThat(again.content()).isEqualTo(first.content());
    assertThat(again.provenance()).isEqualTo(first.provenance());
    assertThat(other.content()).isNotEqualTo(first.content());
  }

  @Test
  void shouldAdaptNothingToWhatIsHeldOut() throws Exception {
    Map<String, String> onePass = but("epochs", "1");
    Sequences corpus = Sequences.server(1);
    Sequences changed = Sequences.server(1);
    short[] heldOut = changed.sequence(4);
    heldOut[100] = (short) (heldOut[100] == 0 ? 1 : 0);

    assertThat(Workshop.learn(state, changed, onePass).content())
        .isEqualTo(Workshop.learn(state, corpus, onePass).content());
  }

  // test ──starts──► Workshop: pass 1 ─ pass 2 ─ ... ☠ kill -9
  //   └──later, with the folder it left──► passes 3..6 ──► the bytes of an undisturbed run
  @Test
  void shouldGoOnAfterAKillAsIfNothingHadHappened() throws Exception {
    Process killed = startAnother();
    String far = awaitThirdPass(killed);
    killed.destroyForcibly().waitFor();
    assertThat(far).as("it was killed in the middle").isNotNull();
    List<Double> reports = new ArrayList<>();

    LearnedModel resumed =
        Workshop.learner(state)
            .learn(Sequences.server(1), Workshop.QUICK, (step, done) -> reports.add(done));

    LearnedModel whole =
        Workshop.learn(state.resolve("other"), Sequences.server(1), Workshop.QUICK);
    assertThat(reports.get(1)).as("where it went on").isGreaterThan(0.3);
    assertThat(resumed.content()).isEqualTo(whole.content());
    assertThat(resumed.provenance()).isEqualTo(whole.provenance());
  }

  private Process startAnother() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.bytedeco.javacpp.cachedir="
                + System.getProperty("org.bytedeco.javacpp.cachedir", "target/javacpp"),
            "-cp",
            System.getProperty("java.class.path"),
            Workshop.class.getName(),
            state.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String awaitThirdPass(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    while (line != null && Double.parseDouble(line) < 2.0 / 6) {
      line = lines.readLine();
    }
    return line;
  }

  @Test
  void shouldWriteWeightsInEightBitsWithoutLearningAgain() throws Exception {
    LearnedModel wide = Workshop.learn(state, Sequences.server(1), Workshop.QUICK);
    List<String> steps = new ArrayList<>();

    LearnedModel narrow =
        Workshop.learner(state)
            .learn(Sequences.server(1), but("weights", "int8"), (step, done) -> steps.add(step));

    assertThat(steps).noneMatch(step -> step.contains("loss"));
    assertThat(narrow.content().remaining()).isLessThan(wide.content().remaining());
    assertThat(narrow.provenance()).containsEntry("weights", "int8");
    assertThat(Math.abs(Double.parseDouble(narrow.provenance().get("agreement.loss"))))
        .as("nats that eight bits cost")
        .isLessThan(0.02);
  }

  @Test
  void shouldLearnAnewIfTold() throws Exception {
    Workshop.learn(state, Sequences.server(1), Workshop.QUICK);
    List<String> steps = new ArrayList<>();

    Workshop.learner(state)
        .learn(Sequences.server(1), but("resume", "false"), (step, done) -> steps.add(step));

    assertThat(steps).anyMatch(step -> step.contains("pass 1 of at most 6, loss"));
  }

  @Test
  void shouldSayWhatIsMissingInTheRecording() {
    Sequences tooShort = Sequences.empty(3).with(false, 0, 0, 1, 0, 1).with(true, 0, 0, 1);
    Sequences nothingApart = Sequences.empty(3).with(false, 0, 0, 1, 0, 1, 0, 1, 0, 1);

    assertThatThrownBy(() -> Workshop.learn(state, tooShort, Workshop.QUICK))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("6 events before it");
    assertThatThrownBy(() -> Workshop.learn(state, nothingApart, Workshop.QUICK))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("held out");
  }

  @Test
  void shouldNameTheFolderInWhichItCannotWrite() throws Exception {
    Path file = Files.writeString(state.resolve("file"), "");

    assertThatThrownBy(
            () -> Workshop.learn(file.resolve("in"), Sequences.server(1), Workshop.QUICK))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void shouldRefuseAnUnknownOption() {
    assertThatThrownBy(
            () ->
                new CnnLearner(new TfliteEngine(), Workshop.LIBRARIES, state)
                    .learn(Sequences.server(1), Map.of("order", "5"), (step, done) -> {}))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'order'")
        .hasMessageContaining("window");
  }
}
