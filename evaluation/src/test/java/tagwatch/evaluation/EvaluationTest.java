// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.markov.MarkovEngine;
import tagwatch.scorer.markov.MarkovLearner;

final class EvaluationTest {
  private static final Engine MARKOV =
      new Engine("markov", new MarkovLearner(), new MarkovEngine(), Map.of("order", "3"));

  @TempDir Path folder;
  private Path train;
  private Path normal;
  private Path attack;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(5);
    train = file("train", 60, random, false);
    normal = file("normal", 40, random, false);
    attack = file("attack", 20, random, true);
  }

  /** Normal: one of two loops with now and then a third call. Attacks mix both. */
  private Path file(String name, int count, Random random, boolean mixed) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(name).append(i).append('\t');
      for (int step = 0; step < 40; step++) {
        boolean first = mixed ? random.nextBoolean() : i % 2 == 0;
        text.append(first ? "1 2 3 " : "11 12 13 ").append(random.nextInt(9) == 0 ? "5 " : "");
      }
      text.append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private EvaluationReport run(Optional<Path> score, boolean labelled)
      throws IOException, ModelException {
    return Evaluation.run(
        List.of(MARKOV),
        new EvaluationRequest(
            train,
            score,
            labelled ? Optional.of(normal) : Optional.empty(),
            labelled ? Optional.of(attack) : Optional.empty(),
            20,
            0.05,
            5,
            false),
        (step, done) -> {});
  }

  @Test
  void shouldScoreUnlabelledTracesInTheirOrder() throws Exception {
    EvaluationReport report = run(Optional.of(attack), false);

    assertThat(report.scores()).hasSize(20).extracting(TraceScore::name).startsWith("attack0");
    assertThat(report.scores()).allMatch(TraceScore::alarm);
    assertThat(report.comparison()).isNull();
  }

  @Test
  void shouldTellMixedBehaviourFromEachOfItsParts() throws Exception {
    EvaluationReport.Comparison comparison = run(Optional.empty(), true).comparison();

    assertThat(comparison.methods().get("markov+repertoire").auc()).isEqualTo(1);
    assertThat(comparison.methods().get("unseen-calls").auc()).isEqualTo(0.5);
  }

  @Test
  void shouldGiveTheSameTwice() throws Exception {
    assertThat(run(Optional.of(normal), true)).isEqualTo(run(Optional.of(normal), true));
  }

  @Test
  void shouldScoreATraceThatIsShorterThanAWindow() throws Exception {
    Path odd = Files.writeString(folder.resolve("odd"), "short\t1\nempty\t\nnovel\t99 98\n");

    assertThat(run(Optional.of(odd), false).scores())
        .allMatch(score -> Double.isFinite(score.score()) && Double.isFinite(score.maxOnline()));
  }

  @Test
  void shouldRefuseWhatItCannotMeasure() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "\n");

    assertThatThrownBy(() -> run(Optional.of(empty), false)).hasMessageContaining("no trace in it");
    assertThatThrownBy(() -> run(Optional.empty(), false)).hasMessageContaining("nothing to score");
  }
}
