// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import tagwatch.scorer.Model;

/** A network of the 2020 topology with random weights, which take as long as learned ones. */
record CnnModel(String origin, int classes, ByteBuffer bytes) implements Model {
  private static final int WINDOW = 10;

  /** {@code float} or {@code int8}, with the classes of the published ones. */
  static CnnModel of(String weights) {
    String resource = "cnn-" + weights + ".tflite";
    try (InputStream in = CnnModel.class.getResourceAsStream(resource)) {
      return new CnnModel(
          resource, weights.equals("float") ? 17 : 16, ByteBuffer.wrap(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  @Override
  public int window() {
    return WINDOW;
  }

  @Override
  public ByteBuffer content() {
    return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }
}
