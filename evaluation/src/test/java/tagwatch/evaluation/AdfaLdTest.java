// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tagwatch.scorer.markov.MarkovEngine;
import tagwatch.scorer.markov.MarkovLearner;

/** What the README says of ADFA-LD, measured anew. */
final class AdfaLdTest {
  private static EvaluationReport.Comparison measured;

  @BeforeAll
  static void measure() throws Exception {
    // as given it is relative to the root of the project; a test runs in its module
    Path data =
        Path.of("..")
            .resolve(System.getenv().getOrDefault("TAGWATCH_DATA", "../shared/data"))
            .resolve("adfa-ld");
    boolean there = Files.isDirectory(data);
    assumeTrue(there || "all".equals(System.getenv("TAGWATCH_REQUIRE")), "no traces in " + data);
    Engine markov =
        new Engine("markov", new MarkovLearner(), new MarkovEngine(), Map.of("order", "6"));
    EvaluationReport report =
        Evaluation.run(
            List.of(markov),
            new EvaluationRequest(
                data.resolve("training-normal.tsv.gz"),
                Optional.empty(),
                Optional.of(data.resolve("validation-normal.tsv.gz")),
                Optional.of(data.resolve("validation-attack.tsv.gz")),
                127,
                0.05,
                10,
                false),
            (step, done) -> {});
    measured = report.comparison();
  }

  @Test
  void shouldCountEachTraceOnce() {
    assertThat(measured.normal()).isEqualTo(1306);
    assertThat(measured.attack()).isEqualTo(369);
  }

  @Test
  void shouldAgreeWithAnIndependentMeasurementOfTheMeanSurprise() {
    assertThat(measured.methods().get("markov-mean").auc()).isCloseTo(0.7895, within(0.006));
  }

  @Test
  void shouldTellAttacksApartClearlyBetterThanTheMeanSurpriseAlone() {
    assertThat(measured.methods().get("markov+repertoire").auc()).isGreaterThan(0.7895 + 0.04);
  }
}
