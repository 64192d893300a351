// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;

/** Takes a training pass after pass to its end, and writes it down after each. */
final class Course {
  private static final int SCORED_AT_ONCE = 1024;
  private static final int BATCHES_PER_REPORT = 50;
  private static final int LEAST_OF_A_PASS = 8192;

  private final Network network;
  private final Rows learned;
  private final Rows heldOut;
  private final Settings settings;
  private final LearningProgress progress;

  Course(
      Network network, Rows learned, Rows heldOut, Settings settings, LearningProgress progress) {
    this.network = network;
    this.learned = learned;
    this.heldOut = heldOut;
    this.settings = settings;
    this.progress = progress;
  }

  /** Goes on from the state until the training is finished. */
  void run(Training training, Checkpoint checkpoint) throws ModelException, IOException {
    while (!training.finished) {
      float loss = pass(training);
      training.passed(loss, meanSurprise(training.weights, heldOut), settings);
      checkpoint.write(training);
    }
    report(training, "", 1);
  }

  private float pass(Training training) throws ModelException {
    // A stream of its own for each pass: a resumed training shuffles as the whole one would have.
    Rows.Pass pass =
        learned.pass(
            new SplittableRandom(settings.seed() * 1_000_003 + training.epochs()), repeats());
    int[] order = pass.order();
    float[][] gradients = new float[training.weights.tensors().length][];
    double sum = 0;
    int batches = 0;
    for (int from = 0; from < order.length; from += settings.batch()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ModelException("interrupted in pass " + (training.epochs() + 1));
      }
      int to = Math.min(order.length, from + settings.batch());
      float loss = network.gradients(training.weights, learned, pass, from, to, gradients);
      if (!Float.isFinite(loss)) {
        throw new ModelException(
            "the loss became " + loss + " in pass " + (training.epochs() + 1) + "; lower the rate");
      }
      training.adam.step(training.weights.tensors(), gradients, training.rate);
      sum += (double) loss * (to - from);
      if (batches++ % BATCHES_PER_REPORT == 0) {
        report(training, running(sum / to), (double) to / order.length);
      }
    }
    return (float) (sum / order.length);
  }

  /** A short recording is not made shorter: a pass of a few steps hardly moves the weights. */
  private int repeats() {
    return (int) Math.max(1, Math.min(settings.repeats(), learned.total() / LEAST_OF_A_PASS));
  }

  private static String running(double loss) {
    return String.format(Locale.ROOT, ", loss %.3f", loss);
  }

  private void report(Training training, String loss, double share) {
    int done = training.epochs();
    String best =
        done == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", held out %.3f, best %.3f",
                training.heldOutLoss.get(done - 1),
                training.bestLoss());
    int epoch = Math.min(done + 1, settings.epochs());
    progress.report(
        "training: pass " + epoch + " of at most " + settings.epochs() + loss + best,
        training.finished ? 1 : (done + share) / settings.epochs());
  }

  /** Mean surprise over all rows, repetitions included. */
  float meanSurprise(Weights weights, Rows rows) {
    int[] order = IntStream.range(0, rows.distinct()).toArray();
    double sum = 0;
    for (int from = 0; from < order.length; from += SCORED_AT_ONCE) {
      int to = Math.min(order.length, from + SCORED_AT_ONCE);
      float[] surprise = network.surprise(weights, rows, order, from, to);
      for (int i = from; i < to; i++) {
        sum += (double) surprise[i - from] * rows.count(i);
      }
    }
    return (float) (sum / rows.total());
  }
}
