// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import tagwatch.scorer.Model;

/** A model as a player would hand it over. */
// made for one test, never compared
@SuppressWarnings("ArrayRecordComponent")
record FileModel(byte[] bytes, int window, int classes, Map<String, String> options)
    implements Model {

  static FileModel of(byte[] bytes, int classes, String... options) {
    Map<String, String> map = options.length == 0 ? Map.of() : Map.of(options[0], options[1]);
    return new FileModel(bytes, 10, classes, map);
  }

  @Override
  public String origin() {
    return "models/7/tflite-test";
  }

  @Override
  public ByteBuffer content() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
