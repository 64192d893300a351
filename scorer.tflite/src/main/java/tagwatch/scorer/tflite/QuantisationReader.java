// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * Scales of weights. Only symmetric ones: activations stay float here, and the kernels for int8
 * weights with float activations take no zero point.
 */
final class QuantisationReader {
  /** Far outside of what weights of a trained network need; products of it stay finite. */
  private static final float SMALLEST = 1e-12f;

  private static final float LARGEST = 1e6f;

  private QuantisationReader() {}

  /** The tensor with the scales that its table has. */
  static TensorSpec complete(TensorSpec tensor, FlatTable table) {
    FlatTable quantisation =
        table.table(Schema.TENSOR_QUANTISATION, tensor.name() + ": quantisation");
    if (quantisation == null) {
      require(
          tensor.type() != TensorType.INT8,
          Reason.QUANTISATION,
          tensor.name(),
          "INT8 without scale",
          "a scale");
      return tensor;
    }
    quantisation.knowsOnly(Schema.QUANTISATION_FIELDS);
    quantisation.absent(Schema.QUANTISATION_DETAILS_TYPE, Byte.BYTES, "custom quantisation");
    quantisation.absent(Schema.QUANTISATION_DETAILS, Integer.BYTES, "custom quantisation");
    // Ranges seen in training: nobody computes with them, but they have to lie in the file.
    quantisation.vector(Schema.QUANTISATION_MIN, Float.BYTES, "min");
    quantisation.vector(Schema.QUANTISATION_MAX, Float.BYTES, "max");
    FlatVector scales = quantisation.vector(Schema.QUANTISATION_SCALE, Float.BYTES, "scale");
    FlatVector zeros = quantisation.vector(Schema.QUANTISATION_ZERO, Long.BYTES, "zero point");
    int axis = quantisation.int32(Schema.QUANTISATION_AXIS, 0);
    if (tensor.type() != TensorType.INT8) {
      require(
          scales.size() == 0 && zeros.size() == 0,
          Reason.QUANTISATION,
          quantisation.name(),
          scales.size() + " scales for " + tensor.type(),
          "none");
      return tensor;
    }
    return scaled(tensor, scales, zeros, axis, quantisation.name());
  }

  private static TensorSpec scaled(
      TensorSpec tensor, FlatVector scales, FlatVector zeros, int axis, String part) {
    require(
        axis >= 0 && axis < Math.max(1, tensor.shape().length),
        Reason.QUANTISATION,
        part + ": axis",
        axis,
        "an axis of the tensor");
    int slices = tensor.shape().length == 0 ? 1 : tensor.shape()[axis];
    require(
        scales.size() == 1 || scales.size() == slices,
        Reason.QUANTISATION,
        part + ": scales",
        scales.size(),
        "1 or " + slices);
    require(
        zeros.size() == scales.size(),
        Reason.QUANTISATION,
        part + ": zero points",
        zeros.size(),
        scales.size());
    float[] values = new float[scales.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scales.float32(i);
      require(
          values[i] >= SMALLEST && values[i] <= LARGEST,
          Reason.QUANTISATION,
          part + ": scale " + i,
          values[i],
          SMALLEST + ".." + LARGEST);
      require(
          zeros.int64(i) == 0, Reason.QUANTISATION, part + ": zero point " + i, zeros.int64(i), 0);
    }
    return new TensorSpec(
        tensor.index(), tensor.name(), tensor.type(), tensor.shape(), values, axis, tensor.data());
  }
}
