// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.util.List;

/**
 * The graph of a model, before it is known to fit together.
 *
 * @param tensors by index
 * @param input index of the tensor that the caller fills
 * @param output index of the tensor that the caller reads
 * @param nodes in the order of execution
 */
record Graph(List<TensorSpec> tensors, int input, int output, List<Node> nodes) {
  /** An input that an operator goes without. */
  static final int NO_TENSOR = -1;

  /**
   * An operator in its place.
   *
   * @param name {@code operator 3 CONV_2D}
   * @param kind of operator
   * @param inputs indexes of tensors; the first is always one
   * @param output index of the tensor that it computes
   * @param optionsType which of the schema's option tables follows
   * @param options null if there are none
   */
  // lives while a model is opened, never compared
  @SuppressWarnings("ArrayRecordComponent")
  record Node(
      String name,
      OperatorKind kind,
      int[] inputs,
      int output,
      int optionsType,
      FlatTable options) {}

  TensorSpec tensor(int index) {
    return tensors.get(index);
  }

  /** Whether a tensor holds contents that an operator only unpacks. */
  boolean isDequantised(int index) {
    return nodes.stream()
        .anyMatch(node -> node.output() == index && node.kind() == OperatorKind.DEQUANTIZE);
  }
}
