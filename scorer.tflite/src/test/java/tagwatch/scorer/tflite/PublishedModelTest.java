// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Models published with Exein Core in 2020, from a folder beside this tree: they are licensed
 * otherwise. Their records are compared one by one in integration.tests.
 */
class PublishedModelTest {
  private static final Path MODELS =
      Path.of(System.getenv().getOrDefault("TAGWATCH_DATA", "../../shared/data"))
          .resolve("exein-models");

  @BeforeEach
  void needData() {
    if (!"all".equals(System.getenv("TAGWATCH_REQUIRE"))) {
      assumeThat(MODELS).isDirectory();
    }
  }

  private static byte[] network(String name) throws Exception {
    return Files.readAllBytes(MODELS.resolve(name + "-model-13107.tflite"));
  }

  @Test
  void shouldOpenAModelAsPublished() throws Exception {
    try (TfliteScorer scorer =
        new TfliteEngine().open(FileModel.of(network("ARMEL-F-414162"), 17))) {
      float[] probabilities = new float[17];
      scorer.predict(new short[10], probabilities);
      assertThat(probabilities).doesNotContain(Float.NaN);
    }
  }

  @Test
  void shouldRefuseTheOneThatWasPublishedTruncated() throws Exception {
    byte[] truncated = network("MIPSEL-F-414162");

    assertThatThrownBy(() -> new TfliteEngine().open(FileModel.of(truncated, 16)))
        .hasMessageContaining("86016 bytes; truncated?");
  }

  @Test
  void shouldRefuseAModelForOtherClasses() throws Exception {
    byte[] network = network("ARMEL-F-414162");

    assertThatThrownBy(() -> new TfliteEngine().open(FileModel.of(network, 18)))
        .hasMessageContaining("conv1d_12_input")
        .hasMessageContaining("[1, 10, 17], allowed: [1, 10, 18]");
  }
}
