// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tagwatch.scorer.tflite.Refusal.Reason;

/** Operators that move no number and only give them another shape. */
final class ReshapeRules {
  private static final int NEW_SHAPE = 0;
  private static final int RESHAPE_FIELDS = 1;
  private static final int SQUEEZED = 0;
  private static final int SQUEEZE_FIELDS = 1;

  private ReshapeRules() {}

  /**
   * The new shape stands in a constant, in the options, or in both. The library takes the constant
   * only if it has one axis, and files of 2020 have two; so both have to say the same.
   */
  static int[] reshape(OperatorCall call) {
    call.inputs(1, 2);
    int[] in = call.activation(0);
    List<int[]> shapes = new ArrayList<>();
    FlatTable options = call.options();
    if (options != null) {
      options.knowsOnly(RESHAPE_FIELDS);
      FlatVector wanted = options.vector(NEW_SHAPE, Integer.BYTES, "shape");
      if (wanted.size() > 0) {
        shapes.add(Shapes.reshaped(in, wanted.int32s(Shapes.MOST_RANK + 1), wanted.name()));
      }
    }
    if (call.has(1)) {
      TensorSpec constant = numbers(call, 1);
      boolean oneAxis = constant.shape().length == 1;
      require(
          oneAxis || (constant.shape().length == 2 && !shapes.isEmpty()),
          Reason.INPUTS,
          call.name() + ": " + constant.name(),
          Arrays.toString(constant.shape()),
          "one axis, or a shape in the options too");
      shapes.add(Shapes.reshaped(in, constant.numbers(), call.name() + ": " + constant.name()));
    }
    require(
        !shapes.isEmpty() && Arrays.equals(shapes.get(0), shapes.get(shapes.size() - 1)),
        Reason.OPTIONS,
        call.name() + ": shape",
        shapes.isEmpty() ? "none" : Arrays.deepToString(shapes.toArray()),
        "one");
    return shapes.get(0);
  }

  private static TensorSpec numbers(OperatorCall call, int input) {
    TensorSpec tensor = call.tensor(input);
    require(
        tensor.constant() && tensor.type() == TensorType.INT32,
        Reason.INPUTS,
        call.name() + ": input " + input,
        tensor.name() + ", " + tensor.type(),
        "INT32 contents");
    return tensor;
  }

  static int[] squeeze(OperatorCall call) {
    call.inputs(1, 1);
    int[] in = call.activation(0);
    FlatTable options = call.options();
    options.knowsOnly(SQUEEZE_FIELDS);
    FlatVector axes = options.vector(SQUEEZED, Integer.BYTES, "axes");
    // Without a list the library would drop the batch too.
    require(
        axes.size() >= 1 && axes.size() < in.length,
        Reason.OPTIONS,
        axes.name(),
        axes.size(),
        "1.." + (in.length - 1));
    boolean[] dropped = new boolean[in.length];
    for (int i = 0; i < axes.size(); i++) {
      int axis = axis(call, axes.int32(i), in.length);
      require(
          axis > 0 && in[axis] == 1 && !dropped[axis],
          Reason.OPTIONS,
          axes.name(),
          axis + " of " + Arrays.toString(in),
          "axes of size 1 behind the batch, each once");
      dropped[axis] = true;
    }
    int[] out = new int[in.length - axes.size()];
    int at = 0;
    for (int i = 0; i < in.length; i++) {
      if (!dropped[i]) {
        out[at++] = in[i];
      }
    }
    return out;
  }

  static int[] expand(OperatorCall call) {
    call.inputs(2, 2);
    int[] in = call.activation(0);
    TensorSpec constant = numbers(call, 1);
    require(
        constant.elements() == 1 && in.length < Shapes.MOST_RANK,
        Reason.INPUTS,
        call.name() + ": " + constant.name(),
        constant.elements() + " axes for " + Arrays.toString(in),
        "one, and at most " + Shapes.MOST_RANK + " in all");
    int axis = axis(call, constant.numbers()[0], in.length + 1);
    int[] out = new int[in.length + 1];
    System.arraycopy(in, 0, out, 0, axis);
    out[axis] = 1;
    System.arraycopy(in, axis, out, axis + 1, in.length - axis);
    return out;
  }

  /** Counted from the end if negative. */
  private static int axis(OperatorCall call, int axis, int rank) {
    require(
        axis >= -rank && axis < rank,
        Reason.OPTIONS,
        call.name() + ": axis",
        axis,
        -rank + ".." + (rank - 1));
    return axis < 0 ? axis + rank : axis;
  }
}
