// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFolderTest {
  @TempDir Path models;

  @Test
  void shouldTakeTheNewestUnlessOneIsNamed() throws Exception {
    write("markov-b", 1_000);
    write("markov-a", 2_000);
    Files.createDirectories(models.resolve("7/unfinished"));

    assertThat(ModelFolder.find(models, 7, null).version()).isEqualTo("markov-a");
    assertThat(ModelFolder.find(models, 7, "markov-b").version()).isEqualTo("markov-b");
    assertThat(ModelFolder.exists(models, 7)).isTrue();
    assertThat(ModelFolder.exists(models, 8)).isFalse();
  }

  @Test
  void shouldNameWhatThereIsInsteadOfAMissingModel() throws Exception {
    write("markov-b", 1_000);

    assertThatThrownBy(() -> ModelFolder.find(models, 7, "markov-x"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("markov-x")
        .hasMessageContaining("[markov-b]");
  }

  @Test
  void shouldCopyAWholeModel(@TempDir Path elsewhere) throws Exception {
    write("markov-b", 1_000);
    ModelFolder.find(models, 7, null).copyInto(elsewhere);

    assertThat(elsewhere.resolve("7/markov-b/manifest.json")).hasContent("{}");
    assertThat(elsewhere.resolve("7/markov-b/model.bin")).hasContent("model");
  }

  private void write(String version, long time) throws IOException {
    Path folder = Files.createDirectories(models.resolve("7").resolve(version));
    Files.writeString(folder.resolve("model.bin"), "model");
    Path manifest = Files.writeString(folder.resolve("manifest.json"), "{}");
    Files.setLastModifiedTime(manifest, FileTime.fromMillis(time));
  }
}
