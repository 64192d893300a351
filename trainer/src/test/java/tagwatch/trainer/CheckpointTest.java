// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Topology TOPOLOGY = new Topology(5, 4, 4);

  @TempDir Path folder;
  private Training training;
  private Checkpoint checkpoint;

  @BeforeEach
  void train() throws Exception {
    Settings settings = Settings.parse(Map.of());
    training = Training.begin(TOPOLOGY, settings);
    float[][] gradients = Weights.random(TOPOLOGY, 3).tensors();
    training.adam.step(training.weights.tensors(), gradients, training.rate);
    training.passed(0.5f, 0.75f, settings);
    training.adam.step(training.weights.tensors(), gradients, training.rate);
    training.passed(0.25f, 1.5f, settings);
    checkpoint = new Checkpoint(folder, "abc");
    checkpoint.write(training);
  }

  @Test
  void shouldReadBackEverythingThatTheNextPassDependsOn() throws Exception {
    Training read = checkpoint.read(TOPOLOGY).orElseThrow();

    assertThat(read.weights.tensors()).isDeepEqualTo(training.weights.tensors());
    assertThat(read.best.tensors()).isDeepEqualTo(training.best.tensors());
    assertThat(read.best.of(0)).as("of the first pass").isNotEqualTo(read.weights.of(0));
    assertThat(read.adam.means()).isDeepEqualTo(training.adam.means());
    assertThat(read.adam.variances()).isDeepEqualTo(training.adam.variances());
    assertThat(read.adam.steps()).isEqualTo(2);
    assertThat(read.learnedLoss).containsExactly(0.5f, 0.25f);
    assertThat(read.heldOutLoss).containsExactly(0.75f, 1.5f);
    assertThat(read.sinceBest).isEqualTo(1);
    assertThat(read.rate).isEqualTo(training.rate);
    assertThat(read.finished).isFalse();
  }

  @Test
  void shouldTakeADamagedOneForNone() throws Exception {
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at += 97) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 4;
      Files.write(file, damaged);
      assertThat(checkpoint.read(TOPOLOGY)).as("flipped at " + at).isEmpty();
    }
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(checkpoint.read(TOPOLOGY)).isEmpty();
    Files.write(file, new byte[0]);
    assertThat(checkpoint.read(TOPOLOGY)).isEmpty();
  }

  @Test
  void shouldKeepOnlyTheLatestOfMany() throws Exception {
    for (int i = 0; i < 20; i++) {
      new Checkpoint(folder, "key" + i).write(training);
    }

    checkpoint.clear();

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(12);
    }
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }
}
