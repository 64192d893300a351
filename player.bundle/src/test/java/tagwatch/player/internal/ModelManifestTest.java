// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tagwatch.scorer.ModelException;

class ModelManifestTest {
  @TempDir Path folder;
  private Path file;
  private JsonObject json;

  @BeforeEach
  void write() {
    file = folder.resolve(ModelManifest.FILE);
    ModelManifest good = Scene.model("v1", 5, 20, 1.5f).manifest();
    json = JsonParser.parseString(good.json()).getAsJsonObject();
  }

  private void assertRefused(String... words) throws IOException {
    Files.writeString(file, json.toString());
    assertThatThrownBy(() -> ModelManifest.read(file))
        .isInstanceOf(ModelException.class)
        .message()
        .contains(file.toString())
        .contains(words);
  }

  @Test
  void shouldReadWhatItWrites() throws Exception {
    ModelManifest good = Scene.model("v1", 5, 20, 1.5f).manifest();
    Files.writeString(file, good.json());
    assertThat(ModelManifest.read(file)).isEqualTo(good);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tagwatch",
        "tag",
        "version",
        "format",
        "vocabulary",
        "symbols",
        "features",
        "window",
        "rolling",
        "threshold",
        "rule",
        "options",
        "buildIds",
        "content",
        "sha256",
        "provenance"
      })
  void shouldNameAMissingField(String field) throws IOException {
    json.remove(field);
    assertRefused("'" + field + "' is missing");
    json.add(field, JsonNull.INSTANCE);
    assertRefused("'" + field + "' is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tagwatch|2",
        "tag|-1",
        "tag|65536",
        "tag|'\"7\"'",
        "window|-5",
        "window|0",
        "window|128",
        "window|5.5",
        "window|1e999999999",
        "rolling|0",
        "threshold|0",
        "threshold|-1",
        "threshold|1e60",
        "threshold|'\"high\"'",
        "version|'\" \"'",
        "version|5",
        "content|'\"../model.bin\"'",
        "content|'\"/\"'",
        "content|'\"..\"'",
        "content|'\"a\\u0000b\"'",
        "symbols|[]",
        "symbols|'[null]'",
        "symbols|'[\"a\",\"a\"]'",
        "symbols|'{}'",
        "features|'[1]'",
        "options|'[]'",
        "options|'{\"a\":null}'",
        "provenance|'{\"a\":{}}'",
      })
  void shouldNameABadField(String field, String value) throws IOException {
    json.add(field, JsonParser.parseString(value));
    assertRefused("'" + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{", "\"text\"", "{\"tag\": }", "\u0000"})
  void shouldRefuseWhatIsNoObject(String text) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> ModelManifest.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void shouldRefuseAFolderABadEncodingAndAnAbyss() throws IOException {
    assertThatThrownBy(() -> ModelManifest.read(folder)).hasMessageContaining(folder.toString());
    Files.write(file, new byte[] {'{', '"', (byte) 0xc3, 0x28, '"', '}'});
    assertThatThrownBy(() -> ModelManifest.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
    Files.writeString(file, "[".repeat(1_000_000));
    assertThatThrownBy(() -> ModelManifest.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
  }
}
