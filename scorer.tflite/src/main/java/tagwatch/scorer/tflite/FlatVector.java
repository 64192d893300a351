// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A vector whose elements are known to lie inside the file.
 *
 * @param bytes of the whole file
 * @param first where element 0 begins
 * @param size in elements
 * @param elementSize in bytes
 * @param name for messages
 */
record FlatVector(ByteBuffer bytes, int first, int size, int elementSize, String name) {
  int at(int index) {
    return first + Objects.checkIndex(index, size) * elementSize;
  }

  int int8(int index) {
    return bytes.get(at(index));
  }

  int int32(int index) {
    return bytes.getInt(at(index));
  }

  long int64(int index) {
    return bytes.getLong(at(index));
  }

  float float32(int index) {
    return bytes.getFloat(at(index));
  }

  /** The first elements, at most so many. */
  int[] int32s(int most) {
    int[] values = new int[Math.min(size, most)];
    for (int i = 0; i < values.length; i++) {
      values[i] = int32(i);
    }
    return values;
  }

  /** A view of all elements, little endian. */
  ByteBuffer view() {
    return bytes.slice(first, size * elementSize).order(ByteOrder.LITTLE_ENDIAN);
  }
}
