// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tagwatch.scorer.ModelException;

/**
 * What lies beside a model's content, in {@code manifest.json}: everything that is not the engine's
 * own. Fields as in {@code docs/model-format.md}.
 */
record ModelManifest(
    int tagwatch,
    int tag,
    String version,
    String format,
    String vocabulary,
    List<String> symbols,
    List<String> features,
    int window,
    int rolling,
    float threshold,
    String rule,
    Map<String, String> options,
    List<String> buildIds,
    String content,
    String sha256,
    Map<String, String> provenance) {

  /** Version of the manifest's own format. */
  static final int FORMAT_VERSION = 1;

  /** Name of the file; renamed in last, its appearance makes the model complete. */
  static final String FILE = "manifest.json";

  static final int MAX_WINDOW = 127;
  private static final long MAX_BYTES = 16 << 20;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  static ModelManifest read(Path file) throws ModelException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelException(
            file + ": " + Files.size(file) + " bytes, a manifest has at most " + MAX_BYTES);
      }
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        ModelManifest manifest = GSON.fromJson(reader, ModelManifest.class);
        if (manifest == null) {
          throw new ModelException(file + ": empty");
        }
        manifest.check(file);
        return manifest;
      }
    } catch (IOException | JsonParseException e) {
      throw new ModelException(file + ": " + e.getMessage(), e);
    }
  }

  String json() {
    return GSON.toJson(this) + "\n";
  }

  private void check(Path file) throws ModelException {
    require(file, tagwatch == FORMAT_VERSION, "tagwatch", tagwatch, "version " + FORMAT_VERSION);
    require(file, tag >= 0 && tag <= 0xffff, "tag", tag, "0..65535");
    for (Map.Entry<String, String> text :
        Map.of(
                "version", orEmpty(version),
                "format", orEmpty(format),
                "vocabulary", orEmpty(vocabulary),
                "content", orEmpty(content),
                "rule", orEmpty(rule),
                "sha256", orEmpty(sha256))
            .entrySet()) {
      require(file, !text.getValue().isEmpty(), text.getKey(), "missing", "a text");
    }
    require(
        file,
        content.equals(Path.of(content).getFileName().toString()),
        "content",
        content,
        "a file name in the same folder");
    require(file, symbols != null && !symbols.isEmpty(), "symbols", symbols, "a list of names");
    require(
        file,
        symbols.size() < Short.MAX_VALUE && new HashSet<>(symbols).size() == symbols.size(),
        "symbols",
        symbols.size() + " entries",
        "at most 32766 distinct names");
    require(file, window >= 1 && window <= MAX_WINDOW, "window", window, "1.." + MAX_WINDOW);
    require(file, rolling >= 1 && rolling <= MAX_WINDOW, "rolling", rolling, "1.." + MAX_WINDOW);
    require(
        file,
        Float.isFinite(threshold) && threshold > 0,
        "threshold",
        threshold,
        "above 0, finite");
    for (Map.Entry<String, Object> part :
        Map.of(
                "features", present(features),
                "options", present(options),
                "buildIds", present(buildIds),
                "provenance", present(provenance))
            .entrySet()) {
      require(file, part.getValue() != MISSING, part.getKey(), "missing", "present, may be empty");
    }
  }

  private static final Object MISSING = new Object();

  private static Object present(Object value) {
    return value == null ? MISSING : value;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static void require(Path file, boolean holds, String field, Object value, String allowed)
      throws ModelException {
    if (!holds) {
      throw new ModelException(
          file + ": field '" + field + "' is " + value + ", allowed is " + allowed);
    }
  }
}
