// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import tagwatch.scorer.tflite.Refusal.Reason;

/** Operators that yield the shape that they get. */
final class PointwiseRules {
  private static final int ADD_FUNCTION = 0;
  private static final int ADD_FIELDS = 2;
  private static final int BETA = 0;
  private static final int SOFTMAX_FIELDS = 1;

  private PointwiseRules() {}

  static int[] sameShape(OperatorCall call) {
    call.inputs(1, 1);
    return call.activation(0);
  }

  /** Only what a bias needs: one number for each channel. */
  static int[] add(OperatorCall call) {
    call.inputs(2, 2);
    int[] in = call.activation(0);
    call.floats(1, in[in.length - 1]);
    FlatTable options = call.options();
    options.knowsOnly(ADD_FIELDS);
    call.fusedActivation(options, ADD_FUNCTION);
    return in;
  }

  static int[] softmax(OperatorCall call) {
    call.inputs(1, 1);
    FlatTable options = call.options();
    options.knowsOnly(SOFTMAX_FIELDS);
    float beta = options.float32(BETA);
    require(beta == 1, Reason.OPTIONS, call.name() + ": beta", beta, 1);
    return call.activation(0);
  }

  static int[] dequantise(OperatorCall call) {
    call.inputs(1, 1);
    TensorSpec tensor = call.tensor(0);
    require(
        tensor.constant()
            && (tensor.type() == TensorType.FLOAT16
                || (tensor.type() == TensorType.INT8 && tensor.scales().length == 1)),
        Reason.INPUTS,
        call.name() + ": input 0",
        tensor.name() + ", " + tensor.type(),
        "FLOAT16 contents, or INT8 ones with one scale");
    return tensor.shape().clone();
  }
}
