// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The network: two convolutions and a pooling, twice, then three dense layers. With a width of 32
 * it is the one of 2020: convolutions of 32, 32, 64 and 64 filters over three events, dense layers
 * of 32, 64 and the classes. The input is one-hot.
 *
 * @param window events of context
 * @param classes inputs of a step, and outputs
 * @param width filters of the first convolutions; the other layers grow with it
 */
record Topology(int window, int classes, int width) {
  /** Events that a convolution looks at. */
  static final int KERNEL = 3;

  private static final int POOL = 2;

  /**
   * A layer with weights.
   *
   * @param convolution or dense
   * @param inputs channels of an input step, or inputs of a dense layer
   * @param outputs filters, or neurons
   * @param steps length of a convolution's input; 1 for a dense layer
   * @param pooled whether the larger of each two steps is passed on
   * @param rectified whether negative outputs are cut off
   */
  record Layer(
      boolean convolution, int inputs, int outputs, int steps, boolean pooled, boolean rectified) {
    /** Number of weights without the biases. */
    int weights() {
      return outputs * inputs * (convolution ? KERNEL : 1);
    }
  }

  /** From the input to the output. */
  List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    int steps = window;
    int inputs = classes;
    for (int i = 0; i < 4; i++) {
      int filters = i < 2 ? width : 2 * width;
      boolean pooled = i % 2 == 1;
      layers.add(new Layer(true, inputs, filters, steps, pooled, true));
      inputs = filters;
      steps = pooled ? steps / POOL : steps;
    }
    inputs *= steps;
    for (int neurons : new int[] {width, 2 * width, classes}) {
      layers.add(new Layer(false, inputs, neurons, 1, false, layers.size() < 6));
      inputs = neurons;
    }
    return layers;
  }

  /** Length of the tensors of {@link Weights}: each layer's weights and biases. */
  int[] sizes() {
    return layers().stream()
        .flatMap(layer -> Stream.of(layer.weights(), layer.outputs()))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
