// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Model;

/** A model, or what somebody made of it; never compared. */
@SuppressWarnings("ArrayRecordComponent")
record SampleModel(
    String origin, int window, int classes, byte[] bytes, Map<String, String> options)
    implements Model {

  /** Reads a folder with a manifest, as a device keeps it. */
  static SampleModel read(Path folder) throws IOException {
    JsonObject manifest =
        JsonParser.parseString(Files.readString(folder.resolve("manifest.json"))).getAsJsonObject();
    Map<String, String> options = new TreeMap<>();
    if (manifest.has("options")) {
      for (Map.Entry<String, JsonElement> option : manifest.getAsJsonObject("options").entrySet()) {
        options.put(option.getKey(), option.getValue().getAsString());
      }
    }
    return new SampleModel(
        folder.toString(),
        manifest.get("window").getAsInt(),
        manifest.getAsJsonArray("symbols").size() + 1,
        Files.readAllBytes(folder.resolve(manifest.get("content").getAsString())),
        options);
  }

  static SampleModel of(LearnedModel learned, int classes) {
    byte[] bytes = new byte[learned.content().remaining()];
    learned.content().duplicate().get(bytes);
    return new SampleModel("learned", learned.window(), classes, bytes, Map.of());
  }

  SampleModel with(String what, byte[] other) {
    return new SampleModel(origin + " " + what, window, classes, other, options);
  }

  SampleModel withShape(int otherWindow, int otherClasses) {
    return new SampleModel(
        origin + " as of window " + otherWindow + " and " + otherClasses + " classes",
        otherWindow,
        otherClasses,
        bytes,
        options);
  }

  @Override
  public ByteBuffer content() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
