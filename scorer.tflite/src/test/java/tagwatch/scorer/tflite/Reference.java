// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

/**
 * The 2020 topology computed straight from its weights, in double precision: a second opinion that
 * shares nothing with the library. With int8 weights the inputs of each layer are quantised too, by
 * the rule of the kernels for int8 weights and float activations.
 */
final class Reference {
  private final Weights weights;
  private final NetworkWriter.Storage storage;

  Reference(Weights weights, NetworkWriter.Storage storage) {
    this.weights = weights;
    this.storage = storage;
  }

  /** Probabilities after a window of classes. */
  double[] predict(short... window) {
    float[] current = new float[weights.window * weights.classes];
    for (int step = 0; step < weights.window; step++) {
      current[step * weights.classes + window[step]] = 1;
    }
    int steps = weights.window;
    for (int layer = 0; layer < weights.layers(); layer++) {
      float[] in = current;
      current = weights.convolution(layer) ? convolution(layer, in, steps) : dense(layer, in);
      if (weights.pooled(layer)) {
        current = pooled(current, steps, weights.outputs(layer));
        steps /= 2;
      }
    }
    return softmax(current);
  }

  private float[] convolution(int layer, float[] in, int steps) {
    int channels = weights.channels(layer);
    float[] padded = new float[(steps + 2) * channels];
    System.arraycopy(in, 0, padded, channels, in.length);
    Layer quantised = new Layer(layer, in);
    float[] out = new float[steps * weights.outputs(layer)];
    for (int step = 0; step < steps; step++) {
      for (int o = 0; o < weights.outputs(layer); o++) {
        double sum = quantised.sum(o, padded, step * channels);
        out[step * weights.outputs(layer) + o] = (float) Math.max(0, sum);
      }
    }
    return out;
  }

  private float[] dense(int layer, float[] in) {
    Layer quantised = new Layer(layer, in);
    float[] out = new float[weights.outputs(layer)];
    boolean last = layer == weights.layers() - 1;
    for (int o = 0; o < out.length; o++) {
      double sum = quantised.sum(o, in, 0);
      out[o] = (float) (last ? sum : Math.max(0, sum));
    }
    return out;
  }

  /** A layer's weights as stored, and how its input is rounded. */
  private final class Layer {
    private final float[] kernel;
    private final float[] bias;
    private final boolean hybrid;
    private final float[] scales;
    private final byte[] rounded;
    private final double inputScale;

    Layer(int layer, float[] in) {
      kernel = weights.kernels[layer];
      bias = weights.biases[layer];
      hybrid = storage == NetworkWriter.Storage.INT8_BY_TENSOR && kernel.length >= 1024;
      scales = new float[1];
      rounded = hybrid ? NetworkWriter.quantised(kernel, scales) : new byte[0];
      float largest = 0;
      for (float value : in) {
        largest = Math.max(largest, Math.abs(value));
      }
      inputScale = largest / 127f;
    }

    double sum(int output, float[] in, int from) {
      int width = kernel.length / bias.length;
      double sum = 0;
      for (int i = 0; i < width; i++) {
        int at = output * width + i;
        sum +=
            hybrid
                ? (double) rounded[at] * round(in[from + i])
                : (double) kernel[at] * in[from + i];
      }
      return (hybrid ? sum * inputScale * scales[0] : sum) + bias[output];
    }

    private double round(float value) {
      return inputScale == 0 ? 0 : Math.rint(value / inputScale);
    }
  }

  private static float[] pooled(float[] in, int steps, int channels) {
    float[] out = new float[steps / 2 * channels];
    for (int i = 0; i < out.length; i++) {
      int at = i / channels * 2 * channels + i % channels;
      out[i] = Math.max(in[at], in[at + channels]);
    }
    return out;
  }

  private static double[] softmax(float[] logits) {
    double[] out = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.exp(logits[i]);
      sum += out[i];
    }
    for (int i = 0; i < out.length; i++) {
      out[i] /= sum;
    }
    return out;
  }
}
