// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.util.Arrays;
import tagwatch.scorer.tflite.Refusal.Reason;

/** An operator with the shapes that reach it: what a rule looks at. */
final class OperatorCall {
  private static final int NONE = 0;
  private static final int RELU = 1;
  private static final int RELU6 = 3;

  private final Graph graph;
  private final Graph.Node node;
  private final int[][] shapes;

  /**
   * @param shapes of the tensors that are known so far, by index; null for the others
   */
  OperatorCall(Graph graph, Graph.Node node, int[][] shapes) {
    this.graph = graph;
    this.node = node;
    this.shapes = shapes;
  }

  String name() {
    return node.name();
  }

  void inputs(int least, int most) {
    int found = node.inputs().length;
    require(
        found >= least && found <= most,
        Reason.INPUTS,
        name() + ": inputs",
        found,
        least + ".." + most);
  }

  boolean has(int input) {
    return input < node.inputs().length && node.inputs()[input] != Graph.NO_TENSOR;
  }

  TensorSpec tensor(int input) {
    require(has(input), Reason.INPUTS, name() + ": input " + input, "none", "a tensor");
    return graph.tensor(node.inputs()[input]);
  }

  int[] shape(int input) {
    return shapes[tensor(input).index()].clone();
  }

  /** Shape of an input that inference computes. */
  int[] activation(int input) {
    TensorSpec tensor = tensor(input);
    require(
        !tensor.constant() && tensor.type() == TensorType.FLOAT32,
        Reason.INPUTS,
        name() + ": input " + input,
        tensor.name() + (tensor.constant() ? ", a constant" : ", " + tensor.type()),
        "FLOAT32, computed");
    return shape(input);
  }

  /** A constant of floats with that shape. */
  void floats(int input, int... shape) {
    TensorSpec tensor = tensor(input);
    require(
        tensor.constant() && tensor.type() == TensorType.FLOAT32,
        Reason.INPUTS,
        name() + ": input " + input,
        tensor.name() + ", " + tensor.type(),
        "FLOAT32 contents");
    require(
        Arrays.equals(tensor.shape(), shape),
        Reason.INPUTS,
        name() + ": input " + input + ", " + tensor.name(),
        Arrays.toString(tensor.shape()),
        Arrays.toString(shape));
  }

  /**
   * Shape of a kernel: float, from contents or dequantised ones, or INT8 with one scale or one for
   * each output, which are along axis 0.
   */
  int[] weights(int input, int rank) {
    TensorSpec tensor = tensor(input);
    String part = name() + ": input " + input + ", " + tensor.name();
    int[] shape = shape(input);
    require(shape.length == rank, Reason.INPUTS, part, Arrays.toString(shape), rank + " axes");
    require(
        tensor.type() == TensorType.FLOAT32
            || (tensor.type() == TensorType.INT8 && tensor.constant()),
        Reason.INPUTS,
        part,
        tensor.type(),
        "FLOAT32, or INT8 contents");
    require(
        tensor.type() == TensorType.FLOAT32 || tensor.scales().length == 1 || tensor.axis() == 0,
        Reason.QUANTISATION,
        part + ": axis",
        tensor.axis(),
        0);
    // Computed floats are dequantised contents: the order of execution let nothing else pass.
    require(
        tensor.constant() || graph.isDequantised(tensor.index()),
        Reason.INPUTS,
        part,
        "computed by the network",
        "contents");
    return shape;
  }

  /** The operator's options, of the right type; null if it has none and may go without. */
  FlatTable options() {
    OperatorKind kind = node.kind();
    boolean none = node.optionsType() == NONE || node.options() == null;
    if (none && kind.optionsOptional) {
      return null;
    }
    require(
        node.optionsType() == kind.optionsType && node.options() != null,
        Reason.OPTIONS,
        name() + ": options",
        node.options() == null ? "none" : "type " + node.optionsType(),
        "type " + kind.optionsType);
    return node.options();
  }

  /** The function that is applied to what the operator yields: none or a rectifier. */
  void fusedActivation(FlatTable options, int field) {
    int function = options.int8(field, NONE);
    require(
        function == NONE || function == RELU || function == RELU6,
        Reason.OPTIONS,
        name() + ": fused function",
        function,
        "0 (none), 1 (RELU), 3 (RELU6)");
  }

  /** An option within bounds. */
  int bounded(FlatTable options, int field, int absent, int most, String called) {
    int value = options.int32(field, absent);
    require(
        value >= 1 && value <= most, Reason.OPTIONS, name() + ": " + called, value, "1.." + most);
    return value;
  }
}
