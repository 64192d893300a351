// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tagwatch.scorer.ModelException;

/**
 * What lies beside a model's content, in {@code manifest.json}: everything that is not the engine's
 * own. Fields as in {@code docs/model-format.md}; all but {@code rollingStart} are required.
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
    String rollingStart,
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

  /** The mean is over the surprises that there are. */
  static final String STARTS_EMPTY = "empty";

  /** As in 2020: missing surprises count as zeros, so that the first scores are diluted. */
  static final String STARTS_WITH_ZEROS = "zeros";

  private static final long MAX_BYTES = 16 << 20;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** A name that is a file in the same folder wherever it is resolved. */
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

  ModelManifest {
    symbols = List.copyOf(symbols);
    features = List.copyOf(features);
    // sorted: the same model is to be the same bytes
    options = Collections.unmodifiableMap(new TreeMap<>(options));
    buildIds = List.copyOf(buildIds);
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
  }

  /** A model whose mean starts empty. */
  ModelManifest(
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
    this(
        tagwatch,
        tag,
        version,
        format,
        vocabulary,
        symbols,
        features,
        window,
        rolling,
        STARTS_EMPTY,
        threshold,
        rule,
        options,
        buildIds,
        content,
        sha256,
        provenance);
  }

  /** Reads and checks; the message of the exception names the file, the field and its value. */
  static ModelManifest read(Path file) throws ModelException {
    try {
      if (!Files.isRegularFile(file)) {
        throw new ModelException(file + ": is not a file");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelException(
            file + ": " + Files.size(file) + " bytes, a manifest has at most " + MAX_BYTES);
      }
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        JsonElement json = JsonParser.parseReader(reader);
        if (!json.isJsonObject()) {
          throw new ModelException(file + ": is no JSON object");
        }
        ModelManifest manifest = of(new ManifestFields(file, json.getAsJsonObject()));
        manifest.check(file);
        return manifest;
      }
    } catch (IOException | JsonParseException e) {
      throw new ModelException(file + ": is not readable JSON: " + e, e);
    }
  }

  private static ModelManifest of(ManifestFields fields) throws ModelException {
    return new ModelManifest(
        fields.integer("tagwatch"),
        fields.integer("tag"),
        fields.text("version"),
        fields.text("format"),
        fields.text("vocabulary"),
        fields.texts("symbols"),
        fields.texts("features"),
        fields.integer("window"),
        fields.integer("rolling"),
        fields.optionalText("rollingStart", STARTS_EMPTY),
        fields.decimal("threshold"),
        fields.text("rule"),
        fields.textMap("options"),
        fields.texts("buildIds"),
        fields.text("content"),
        fields.text("sha256"),
        fields.textMap("provenance"));
  }

  String json() {
    return GSON.toJson(this) + "\n";
  }

  /** Checks the ranges; the file is only named. */
  void check(Path file) throws ModelException {
    require(file, tagwatch == FORMAT_VERSION, "tagwatch", tagwatch, "version " + FORMAT_VERSION);
    require(file, tag >= 0 && tag <= 0xffff, "tag", tag, "0..65535");
    require(file, !version.isBlank(), "version", "''", "a text");
    require(file, !format.isBlank(), "format", "''", "a text");
    require(file, !vocabulary.isBlank(), "vocabulary", "''", "a text");
    require(
        file,
        FILE_NAME.matcher(content).matches(),
        "content",
        "'" + content + "'",
        "a file name in the same folder");
    require(file, !symbols.isEmpty(), "symbols", "[]", "a list of names");
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
        List.of(STARTS_EMPTY, STARTS_WITH_ZEROS).contains(rollingStart),
        "rollingStart",
        "'" + rollingStart + "'",
        STARTS_EMPTY + " or " + STARTS_WITH_ZEROS);
    require(
        file,
        Float.isFinite(threshold) && threshold > 0,
        "threshold",
        threshold,
        "above 0, finite");
  }

  private static void require(Path file, boolean holds, String field, Object value, String allowed)
      throws ModelException {
    if (!holds) {
      throw new ModelException(
          file + ": field '" + field + "' is " + value + ", allowed is " + allowed);
    }
  }
}
