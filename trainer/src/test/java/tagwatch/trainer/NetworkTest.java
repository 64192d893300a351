// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Topology TOPOLOGY = new Topology(7, 6, 4);

  private static final double STEP = 5e-4;

  private final Rows rows = Rows.of(Sequences.server(3), TOPOLOGY.window(), false);
  private final Rows.Pass pass = rows.pass(new SplittableRandom(2), 16);

  /** Each tensor in turn is moved a little along its gradient; the loss has to change as much. */
  @Test
  void shouldComputeTheGradientOfTheLoss() throws Exception {
    Network network = new Network(Torch.start(Workshop.LIBRARIES), TOPOLOGY);
    Weights weights = Weights.random(TOPOLOGY, 4);
    float[][] gradients = new float[weights.tensors().length][];
    network.gradients(weights, rows, pass, 0, 40, gradients);

    for (int t = 0; t < gradients.length; t++) {
      double length = length(gradients[t]);
      double slope =
          (loss(network, moved(weights, t, gradients[t], STEP / length))
                  - loss(network, moved(weights, t, gradients[t], -STEP / length)))
              / (2 * STEP);
      assertThat(slope).as("tensor " + t).isCloseTo(length, withinPercentage(5));
    }
  }

  private static double length(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  private static Weights moved(Weights weights, int tensor, float[] direction, double by) {
    Weights moved = weights.copy();
    for (int i = 0; i < direction.length; i++) {
      moved.tensors()[tensor][i] += (float) (by * direction[i]);
    }
    return moved;
  }

  private double loss(Network network, Weights weights) {
    float[] surprise = network.surprise(weights, rows, pass.order(), 0, 40);
    double loss = 0;
    for (int i = 0; i < 40; i++) {
      loss += (double) surprise[i] * pass.weights()[i];
    }
    return loss / 40;
  }
}
