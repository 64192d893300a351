// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * A network that is ready to predict. Rows go through in batches of 64, 8 and 1: a batch costs less
 * a row, and a row that nobody needs costs as much as any.
 */
public final class TfliteScorer implements Scorer {
  /** The 2020 player clips probabilities there: no surprise is above 27.631 nats. */
  private static final float SMALLEST = 1e-12f;

  private static final int[] BATCHES = {64, 8, 1};

  /** What the input of a batch may have at most; a wider one is run in smaller batches. */
  private static final long MOST_INPUT = 1 << 20;

  /** A sum of rounded probabilities is not exactly 1. */
  private static final double ROUNDING = 1e-3;

  private final NativeModel model;
  private final List<Network> networks = new ArrayList<>();
  private final int window;
  private final int[] networkClass;

  private TfliteScorer(NativeModel model, int window, int classes, int otherClass) {
    this.model = model;
    this.window = window;
    this.networkClass = new int[classes];
    for (int listed = 0; listed < classes - 1; listed++) {
      networkClass[listed] = listed < otherClass ? listed : listed + 1;
    }
    networkClass[classes - 1] = otherClass;
  }

  /**
   * Guards and opens.
   *
   * @throws Refusal says what is wrong with the file
   */
  static TfliteScorer open(ByteBuffer content, int window, int classes, EngineOptions options) {
    // One copy: what the guard saw is what the library gets, whatever happens to the original.
    ByteBuffer copy = ByteBuffer.allocate(content.remaining()).put(content.duplicate()).flip();
    boolean batches = ModelGuard.check(copy, window, classes);
    NativeModel model = NativeModel.of(copy, options.xnnpack());
    TfliteScorer scorer = new TfliteScorer(model, window, classes, options.otherClass());
    try {
      for (int rows : BATCHES) {
        if (rows == 1 || (batches && (long) rows * window * classes <= MOST_INPUT)) {
          scorer.networks.add(Network.open(model, options.threads(), rows, window, classes));
        }
      }
      scorer.networks.forEach(scorer::tryOut);
      return scorer;
    } catch (RuntimeException e) {
      scorer.close();
      throw e;
    }
  }

  /** The output has to be a distribution, the same one for the same windows. */
  private void tryOut(Network network) {
    float[] first = tryOut(network, 0);
    tryOut(network, 1);
    float[] again = tryOut(network, 0);
    for (int i = 0; i < first.length; i++) {
      Refusal.require(
          first[i] == again[i],
          Reason.FIRST_RUN,
          "output " + i + " of the same input",
          again[i],
          first[i] + ", as before");
    }
  }

  private float[] tryOut(Network network, int seed) {
    int classes = networkClass.length;
    for (int step = 0; step < network.rows() * window; step++) {
      network.set(step, (step * 7 + seed) % classes);
    }
    network.infer();
    float[] output = new float[network.rows() * classes];
    for (int row = 0; row < network.rows(); row++) {
      double sum = 0;
      for (int event = 0; event < classes; event++) {
        float probability = network.probability(row, event);
        Refusal.require(
            probability >= 0 && probability <= 1 + ROUNDING,
            Reason.FIRST_RUN,
            "output " + event + " of the first run",
            probability,
            "a probability");
        sum += probability;
        output[row * classes + event] = probability;
      }
      Refusal.require(
          Math.abs(sum - 1) <= ROUNDING, Reason.FIRST_RUN, "sum of the first output", sum, 1);
    }
    return output;
  }

  @Override
  public void score(short[] classes, int rows, float[] surprise) {
    int row = 0;
    for (Network network : networks) {
      while (rows - row >= network.rows()) {
        infer(network, classes, row);
        for (int i = 0; i < network.rows(); i++, row++) {
          int next = networkClass[classes[row * (window + 1) + window]];
          surprise[row] = surprise(network.probability(i, next));
        }
      }
    }
  }

  private void infer(Network network, short[] classes, int firstRow) {
    int from = firstRow * (window + 1);
    try {
      for (int row = 0, step = 0; row < network.rows(); row++, from++) {
        for (int i = 0; i < window; i++) {
          network.set(step++, networkClass[classes[from++]]);
        }
      }
    } catch (IndexOutOfBoundsException e) {
      network.clear();
      throw new IllegalArgumentException(
          "rows from " + firstRow + ": a class is out of range 0.." + (networkClass.length - 1), e);
    }
    network.infer();
  }

  /** {@code -ln p} in float, as the 2020 player computes it; NaN stays NaN. */
  public static float surprise(float probability) {
    float clipped = Math.min(1f, Math.max(SMALLEST, probability));
    return 0f - (float) Math.log(clipped);
  }

  /**
   * The whole prediction, in the order of the model's classes.
   *
   * @param classes of one window, oldest first
   * @param probabilities receives one for each class
   */
  public void predict(short[] classes, float[] probabilities) {
    Network single = networks.get(networks.size() - 1);
    for (int i = 0; i < window; i++) {
      single.set(i, networkClass[classes[i]]);
    }
    single.infer();
    for (int i = 0; i < networkClass.length; i++) {
      probabilities[i] = single.probability(0, networkClass[i]);
    }
  }

  @Override
  public void close() {
    networks.forEach(Network::close);
    networks.clear();
    model.close();
  }
}
