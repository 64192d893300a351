// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.util.Random;

/**
 * The 2020 topology with weights of its own: two convolutions, a pooling, two convolutions, a
 * pooling, three dense layers. Kernels lie as in the file: output, step, input.
 */
final class Weights {
  static final int KERNEL = 3;

  private static final int[] FILTERS = {32, 32, 64, 64};
  private static final int[] HIDDEN = {32, 64};

  final int window;
  final int classes;
  final float[][] kernels = new float[FILTERS.length + HIDDEN.length + 1][];
  final float[][] biases = new float[kernels.length][];

  /** Random ones, so that predictions of different windows differ. */
  Weights(int window, int classes, long seed) {
    this.window = window;
    this.classes = classes;
    Random random = new Random(seed);
    for (int layer = 0; layer < kernels.length; layer++) {
      kernels[layer] = gaussian(random, outputs(layer) * inputs(layer), inputs(layer));
      biases[layer] = gaussian(random, outputs(layer), 100);
    }
  }

  private static float[] gaussian(Random random, int size, int fan) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / fan));
    }
    return values;
  }

  int layers() {
    return kernels.length;
  }

  boolean convolution(int layer) {
    return layer < FILTERS.length;
  }

  /** Whether a pooling of two steps follows. */
  boolean pooled(int layer) {
    return layer == 1 || layer == 3;
  }

  int outputs(int layer) {
    if (convolution(layer)) {
      return FILTERS[layer];
    }
    int hidden = layer - FILTERS.length;
    return hidden < HIDDEN.length ? HIDDEN[hidden] : classes;
  }

  /** Channels of a convolution's input. */
  int channels(int layer) {
    return layer == 0 ? classes : outputs(layer - 1);
  }

  /** Numbers that make up one output. */
  int inputs(int layer) {
    if (convolution(layer)) {
      return KERNEL * channels(layer);
    }
    return layer == FILTERS.length
        ? window / 2 / 2 * FILTERS[FILTERS.length - 1]
        : outputs(layer - 1);
  }
}
