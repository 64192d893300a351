// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/**
 * How well the engine that will run a model agrees with PyTorch, which learned it, on rows of the
 * training data.
 *
 * @param rows compared
 * @param largest difference of a probability
 * @param loss mean surprise as PyTorch computes it, nats
 * @param engineLoss the same as the engine computes it
 */
record Agreement(int rows, float largest, double loss, double engineLoss) {
  private static final int MOST_ROWS = 8192;
  private static final int BATCH = 64;

  /** Where an engine stops: the surprise of a probability of 1e-12. */
  private static final float CEILING = 27.631021f;

  private record Written(int window, int classes, ByteBuffer bytes) implements Model {
    @Override
    public String origin() {
      return "the model that was just learned";
    }

    @Override
    public ByteBuffer content() {
      return bytes.asReadOnlyBuffer().rewind().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Map<String, String> options() {
      return Map.of();
    }
  }

  static Agreement of(
      ScorerEngine engine, ByteBuffer content, Network network, Weights weights, Rows rows)
      throws ModelException {
    int count = Math.min(MOST_ROWS, rows.distinct());
    // Spread over the recording: its beginning alone would show little of it.
    int[] chosen =
        IntStream.range(0, count).map(i -> (int) ((long) i * rows.distinct() / count)).toArray();
    float[] expected = network.surprise(weights, rows, chosen, 0, count);
    float[] found = new float[count];
    Topology topology = weights.topology();
    try (Scorer scorer = engine.open(new Written(topology.window(), topology.classes(), content))) {
      int stride = rows.window() + 1;
      short[] batch = new short[BATCH * stride];
      float[] surprise = new float[BATCH];
      for (int from = 0; from < count; from += BATCH) {
        int size = Math.min(BATCH, count - from);
        for (int i = 0; i < size; i++) {
          System.arraycopy(rows.classes(), chosen[from + i] * stride, batch, i * stride, stride);
        }
        scorer.score(batch, size, surprise);
        System.arraycopy(surprise, 0, found, from, size);
      }
    }
    return between(expected, found);
  }

  private static Agreement between(float[] expected, float[] found) {
    double largest = 0;
    double loss = 0;
    double engineLoss = 0;
    for (int i = 0; i < expected.length; i++) {
      // NaN has to lose every comparison, not to win it
      double difference = Math.abs(Math.exp(-expected[i]) - Math.exp(-found[i]));
      largest = difference <= largest ? largest : difference;
      loss += Math.min(CEILING, expected[i]);
      engineLoss += Math.min(CEILING, found[i]);
    }
    return new Agreement(
        expected.length, (float) largest, loss / expected.length, engineLoss / expected.length);
  }

  /** Refuses a model that the engine reads otherwise than it was learned. */
  void require(WeightFormat format) throws ModelException {
    float allowed = format.tolerance();
    if (!(largest <= allowed)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the written model (%s) differs from the learned one by %.4f in a probability,"
                  + " allowed is %.4f; %s",
              format.label(),
              largest,
              allowed,
              format == WeightFormat.INT8 ? "use weights=float" : "report this as an error"));
    }
  }
}
