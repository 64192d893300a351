// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is learned: for each layer of a topology its weights and its biases. A convolution's weights
 * are ordered by output, input, step; a dense layer's by output, input, where the inputs that come
 * from a convolution are ordered by step, channel.
 *
 * <p>Owned by one thread.
 */
final class Weights {
  private final Topology topology;
  private final float[][] tensors;

  Weights(Topology topology, float[][] tensors) {
    this.topology = topology;
    this.tensors = tensors;
  }

  /** Glorot's uniform start, as in 2020; biases 0. */
  static Weights random(Topology topology, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Topology.Layer> layers = topology.layers();
    float[][] tensors = new float[2 * layers.size()][];
    for (int i = 0; i < layers.size(); i++) {
      Topology.Layer layer = layers.get(i);
      int kernel = layer.convolution() ? Topology.KERNEL : 1;
      double bound = Math.sqrt(6.0 / (kernel * (layer.inputs() + layer.outputs())));
      tensors[2 * i] = new float[layer.weights()];
      for (int w = 0; w < tensors[2 * i].length; w++) {
        tensors[2 * i][w] = (float) random.nextDouble(-bound, bound);
      }
      tensors[2 * i + 1] = new float[layer.outputs()];
    }
    return new Weights(topology, tensors);
  }

  Topology topology() {
    return topology;
  }

  /** The tensors themselves, layer by layer: weights, then biases. */
  float[][] tensors() {
    return tensors;
  }

  float[] of(int layer) {
    return tensors[2 * layer];
  }

  float[] biases(int layer) {
    return tensors[2 * layer + 1];
  }

  int count() {
    return count(topology.sizes());
  }

  static int count(int[] sizes) {
    return Arrays.stream(sizes).sum();
  }

  Weights copy() {
    float[][] copies = new float[tensors.length][];
    for (int i = 0; i < tensors.length; i++) {
      copies[i] = tensors[i].clone();
    }
    return new Weights(topology, copies);
  }
}
