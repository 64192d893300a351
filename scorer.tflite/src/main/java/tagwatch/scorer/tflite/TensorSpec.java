// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.ByteBuffer;

/**
 * A tensor as the file declares it, alone and by itself correct.
 *
 * @param index in the subgraph
 * @param name {@code tensor 4 'conv1d/kernel'}
 * @param type of its elements
 * @param shape with a batch of 1; empty for a single number
 * @param scales of an INT8 tensor: one, or one for each slice of {@code axis}; empty for other
 *     types
 * @param axis that the scales belong to
 * @param data little endian, complete; null for what inference computes
 */
// lives while a model is opened, never compared
@SuppressWarnings("ArrayRecordComponent")
record TensorSpec(
    int index,
    String name,
    TensorType type,
    int[] shape,
    float[] scales,
    int axis,
    ByteBuffer data) {

  boolean constant() {
    return data != null;
  }

  long elements() {
    return Shapes.elements(shape);
  }

  /** The numbers of a constant INT32 tensor. */
  int[] numbers() {
    int[] numbers = new int[data.limit() / Integer.BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = data.getInt(i * Integer.BYTES);
    }
    return numbers;
  }
}
