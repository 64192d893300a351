// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.util.Arrays;
import tagwatch.scorer.tflite.Refusal.Reason;

/** Operators that slide a kernel over batch, height, width and channels. */
final class ConvolutionRules {
  private static final int MOST_STEP = 16;
  private static final int MOST_KERNEL = 128;
  private static final int SAME = 0;
  private static final int VALID = 1;

  private static final int PADDING = 0;
  private static final int STRIDE_WIDTH = 1;
  private static final int STRIDE_HEIGHT = 2;

  private static final int CONV_FUNCTION = 3;
  private static final int CONV_DILATION_WIDTH = 4;
  private static final int CONV_DILATION_HEIGHT = 5;

  private static final int CONV_BIAS_TYPE = 6;
  private static final int CONV_FIELDS = 7;
  private static final int POOL_WIDTH = 3;
  private static final int POOL_HEIGHT = 4;
  private static final int POOL_FUNCTION = 5;
  private static final int POOL_FIELDS = 6;

  private ConvolutionRules() {}

  static int[] convolution(OperatorCall call) {
    call.inputs(3, 3);
    int[] in = image(call);
    int[] kernel = call.weights(1, 4);
    require(
        kernel[3] == in[3],
        Reason.INPUTS,
        call.name() + ": channels of the kernel " + Arrays.toString(kernel),
        kernel[3],
        in[3] + ", the channels of the input");
    call.floats(2, kernel[0]);
    FlatTable options = call.options();
    options.knowsOnly(CONV_FIELDS);
    options.absent(CONV_BIAS_TYPE, Byte.BYTES, "type of a quantised bias");
    call.fusedActivation(options, CONV_FUNCTION);
    int dilationHeight = call.bounded(options, CONV_DILATION_HEIGHT, 1, MOST_STEP, "dilation");
    int dilationWidth = call.bounded(options, CONV_DILATION_WIDTH, 1, MOST_STEP, "dilation");
    return new int[] {
      in[0],
      slid(call, options, STRIDE_HEIGHT, in[1], (kernel[1] - 1) * dilationHeight + 1),
      slid(call, options, STRIDE_WIDTH, in[2], (kernel[2] - 1) * dilationWidth + 1),
      kernel[0]
    };
  }

  static int[] pooling(OperatorCall call) {
    call.inputs(1, 1);
    int[] in = image(call);
    FlatTable options = call.options();
    options.knowsOnly(POOL_FIELDS);
    call.fusedActivation(options, POOL_FUNCTION);
    int height = call.bounded(options, POOL_HEIGHT, 0, MOST_KERNEL, "height");
    int width = call.bounded(options, POOL_WIDTH, 0, MOST_KERNEL, "width");
    return new int[] {
      in[0],
      slid(call, options, STRIDE_HEIGHT, in[1], height),
      slid(call, options, STRIDE_WIDTH, in[2], width),
      in[3]
    };
  }

  private static int[] image(OperatorCall call) {
    int[] in = call.activation(0);
    require(
        in.length == 4,
        Reason.INPUTS,
        call.name() + ": input 0",
        Arrays.toString(in),
        "batch, height, width, channels");
    return in;
  }

  /** How often a kernel that reaches so far fits along an axis. */
  private static int slid(OperatorCall call, FlatTable options, int field, int size, int reach) {
    int stride = call.bounded(options, field, 0, MOST_STEP, "stride");
    int padding = options.int8(PADDING, SAME);
    require(
        padding == SAME || padding == VALID,
        Reason.OPTIONS,
        call.name() + ": padding",
        padding,
        "0 (same), 1 (valid)");
    require(
        reach <= MOST_KERNEL && (padding == SAME || reach <= size),
        Reason.OPTIONS,
        call.name() + ": kernel",
        reach + " along an axis of " + size,
        padding == SAME ? "at most " + MOST_KERNEL : "at most the axis");
    return padding == SAME ? (size + stride - 1) / stride : (size - reach) / stride + 1;
  }
}
