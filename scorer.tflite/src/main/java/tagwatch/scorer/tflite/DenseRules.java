// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.util.Arrays;
import tagwatch.scorer.tflite.Refusal.Reason;

/** Fully connected layers. */
final class DenseRules {
  private static final int FUNCTION = 0;
  private static final int WEIGHTS_FORMAT = 1;
  private static final int KEEP_AXES = 2;
  private static final int BIAS_TYPE = 4;
  private static final int FIELDS = 5;

  private DenseRules() {}

  static int[] dense(OperatorCall call) {
    call.inputs(2, 3);
    int[] in = call.activation(0);
    int[] kernel = call.weights(1, 2);
    if (call.has(2)) {
      call.floats(2, kernel[0]);
    }
    FlatTable options = call.options();
    options.knowsOnly(FIELDS);
    call.fusedActivation(options, FUNCTION);
    options.absent(WEIGHTS_FORMAT, Byte.BYTES, "shuffled weights");
    options.absent(KEEP_AXES, Byte.BYTES, "kept axes");
    options.absent(BIAS_TYPE, Byte.BYTES, "type of a quantised bias");
    // The kernel takes whatever it can divide by its own width for a batch; here a row is a window.
    long width = in.length == 0 ? 0 : Shapes.elements(in) / in[0];
    require(
        width == kernel[1],
        Reason.INPUTS,
        call.name() + ": input " + Arrays.toString(in) + " for kernel " + Arrays.toString(kernel),
        width + " in a row",
        kernel[1]);
    return new int[] {in[0], kernel[0]};
  }
}
