// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tagwatch.event.ExeinHooks;
import tagwatch.scorer.tflite.TfliteEngine;

/** A published pair as files in a models folder; {@code docs/model-format.md} has the fields. */
record ImportedModel(PublishedParameters parameters, NetworkFile network, Path ini) {
  private static final int MANIFEST_VERSION = 1;
  private static final int VERSION_DIGITS = 12;
  private static final String CONTENT = "model.bin";

  /** Writes the manifest last: its appearance makes the model complete. */
  ModelCommand.Answer write(Path models) throws IOException {
    String version = version();
    Path folder =
        Files.createDirectories(
            models.resolve(Integer.toString(parameters.tag())).resolve(version).toAbsolutePath());
    byte[] content = bytes(network.content());
    Files.write(folder.resolve(CONTENT), content);
    Path unfinished = folder.resolve("manifest.json.new");
    String json =
        new GsonBuilder().setPrettyPrinting().create().toJson(manifest(version, content)) + "\n";
    Files.writeString(unfinished, json);
    Files.move(unfinished, folder.resolve("manifest.json"), StandardCopyOption.ATOMIC_MOVE);
    return new ModelCommand.Answer(parameters.tag(), version, folder.toString());
  }

  private Map<String, Object> manifest(String version, byte[] content) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("tagwatch", MANIFEST_VERSION);
    manifest.put("tag", parameters.tag());
    manifest.put("version", version);
    manifest.put("format", TfliteEngine.FORMAT_NAME);
    manifest.put("vocabulary", ExeinHooks.VOCABULARY);
    manifest.put("symbols", parameters.symbols());
    manifest.put("features", List.of());
    manifest.put("window", parameters.window());
    manifest.put("rolling", parameters.rolling());
    manifest.put("rollingStart", "zeros");
    manifest.put("threshold", parameters.threshold());
    manifest.put("rule", "published");
    manifest.put("options", network.options());
    manifest.put("buildIds", List.of());
    manifest.put("content", CONTENT);
    manifest.put("sha256", HexFormat.of().formatHex(digest().digest(content)));
    manifest.put("provenance", Map.of("parameters", ini.toString(), "network", network.origin()));
    return manifest;
  }

  /** Names whatever makes the model score or judge differently. */
  private String version() {
    MessageDigest digest = digest();
    digest.update(bytes(network.content()));
    digest.update((parameters + " " + network.options()).getBytes(StandardCharsets.UTF_8));
    String hex = HexFormat.of().formatHex(digest.digest());
    return TfliteEngine.FORMAT_NAME + "-" + hex.substring(0, VERSION_DIGITS);
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
