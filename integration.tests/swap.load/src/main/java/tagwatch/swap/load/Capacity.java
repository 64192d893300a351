// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** How many rows a second one thread can score with a model. */
final class Capacity {
  private static final int BATCH = 64;
  private static final long MEASURED_NS = 1_500_000_000L;

  /** A model as it lies in its folder; the array is never changed. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(String origin, int window, int classes, byte[] bytes) implements Model {
    static Stored read(Path folder) throws IOException {
      JsonObject manifest =
          JsonParser.parseString(Files.readString(folder.resolve("manifest.json")))
              .getAsJsonObject();
      return new Stored(
          folder.toString(),
          manifest.get("window").getAsInt(),
          manifest.getAsJsonArray("symbols").size() + 1,
          Files.readAllBytes(folder.resolve(manifest.get("content").getAsString())));
    }

    @Override
    public ByteBuffer content() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Map<String, String> options() {
      return Map.of();
    }
  }

  private Capacity() {}

  static double rowsPerSecond(ScorerEngine engine, Path folder) throws IOException, ModelException {
    Stored model = Stored.read(folder);
    short[] rows = new short[BATCH * (model.window() + 1)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (short) (i % model.classes());
    }
    float[] surprise = new float[BATCH];
    try (Scorer scorer = engine.open(model)) {
      // the first half warms up
      long scored = 0;
      long begin = System.nanoTime();
      long half = begin + MEASURED_NS / 2;
      while (System.nanoTime() < half) {
        scorer.score(rows, BATCH, surprise);
      }
      long end = half + MEASURED_NS / 2;
      while (System.nanoTime() < end) {
        scorer.score(rows, BATCH, surprise);
        scored += BATCH;
      }
      return scored * 1e9 / (System.nanoTime() - half);
    }
  }
}
