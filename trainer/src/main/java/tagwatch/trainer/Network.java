// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A topology in PyTorch: forwards and, for its gradients, backwards. It holds nothing between two
 * calls: weights go in and gradients come out as plain arrays, so that the whole state of a
 * training can be written down.
 *
 * <p>One thread at a time.
 */
final class Network {
  private static final Shape ONE = new Shape(1);
  private static final Shape TWO = new Shape(2);
  private static final Shape NONE = new Shape(0);

  /** PyTorch's engine collects gradients for one at a time in the whole process. */
  private static final Object COLLECTING = new Object();

  private final Engine engine;
  private final Topology topology;
  private final List<Topology.Layer> layers;

  Network(Engine engine, Topology topology) {
    this.engine = engine;
    this.topology = topology;
    this.layers = topology.layers();
  }

  /**
   * The weighted mean surprise of some rows in nats, and how it changes with the weights.
   *
   * @param gradients receives them
   */
  float gradients(
      Weights weights, Rows rows, Rows.Pass pass, int from, int to, float[][] gradients) {
    synchronized (COLLECTING) {
      try (NDManager manager = engine.newBaseManager();
          GradientCollector collector = engine.newGradientCollector()) {
        List<NDArray> tensors = tensors(manager, weights);
        tensors.forEach(tensor -> tensor.setRequiresGradient(true));
        NDArray loss =
            surprise(manager, tensors, rows, pass.order(), from, to)
                .mul(manager.create(Arrays.copyOfRange(pass.weights(), from, to)))
                .mean();
        collector.backward(loss);
        for (int t = 0; t < gradients.length; t++) {
          gradients[t] = tensors.get(t).getGradient().toFloatArray();
        }
        return loss.getFloat();
      }
    }
  }

  /** The surprise of some rows in nats. */
  float[] surprise(Weights weights, Rows rows, int[] order, int from, int to) {
    try (NDManager manager = engine.newBaseManager()) {
      return surprise(manager, tensors(manager, weights), rows, order, from, to).toFloatArray();
    }
  }

  private List<NDArray> tensors(NDManager manager, Weights weights) {
    List<NDArray> tensors = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Topology.Layer layer = layers.get(i);
      Shape shape =
          layer.convolution()
              ? new Shape(layer.outputs(), layer.inputs(), Topology.KERNEL)
              : new Shape(layer.outputs(), layer.inputs());
      tensors.add(manager.create(weights.of(i), shape));
      tensors.add(manager.create(weights.biases(i)));
    }
    return tensors;
  }

  private NDArray surprise(
      NDManager manager, List<NDArray> tensors, Rows rows, int[] order, int from, int to) {
    int window = topology.window();
    int[] windows = new int[(to - from) * window];
    int[] next = new int[to - from];
    short[] classes = rows.classes();
    for (int i = from; i < to; i++) {
      int row = order[i] * (window + 1);
      for (int step = 0; step < window; step++) {
        windows[(i - from) * window + step] = classes[row + step];
      }
      next[i - from] = classes[row + window];
    }
    NDArray input =
        manager
            .create(windows, new Shape(to - from, window))
            .oneHot(topology.classes(), DataType.FLOAT32);
    NDArray wanted = manager.create(next).oneHot(topology.classes(), DataType.FLOAT32);
    return logits(input.transpose(0, 2, 1), tensors)
        .logSoftmax(1)
        .mul(wanted)
        .sum(new int[] {1})
        .neg();
  }

  /** From {@code [rows, classes, window]} to {@code [rows, classes]}. */
  private NDArray logits(NDArray input, List<NDArray> tensors) {
    NDArray current = input;
    for (int i = 0; i < layers.size(); i++) {
      Topology.Layer layer = layers.get(i);
      NDArray weights = tensors.get(2 * i);
      NDArray biases = tensors.get(2 * i + 1);
      if (layer.convolution()) {
        current = first(Conv1d.conv1d(current, weights, biases, ONE, ONE, ONE));
      } else {
        if (current.getShape().dimension() > 2) {
          current = current.transpose(0, 2, 1).reshape(current.getShape().get(0), layer.inputs());
        }
        current = first(Linear.linear(current, weights, biases));
      }
      if (layer.rectified()) {
        current = Activation.relu(current);
      }
      if (layer.pooled()) {
        current = Pool.maxPool1d(current, TWO, TWO, NONE, false);
      }
    }
    return current;
  }

  private static NDArray first(NDList list) {
    return list.singletonOrThrow();
  }
}
