// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.tflite.TfliteEngine;

/** Time of the CNN for one window: one-hot, inference, surprise, rolling mean. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CnnScoring {
  private static final int ROWS = 64;
  private static final int ROLLING = 10;

  /** How weights are stored. */
  @Param({"float", "int8"})
  String weights;

  /** Windows in a call. */
  @Param({"1", "64"})
  int batch;

  private final float[] surprise = new float[ROWS];
  private final float[] last = new float[ROLLING];
  private short[][] calls;
  private Scorer scorer;
  private int oldest;
  private double sum;

  /** Opens the network and cuts rows. */
  @Setup
  public void open() throws ModelException {
    CnnModel model = CnnModel.of(weights);
    scorer = new TfliteEngine().open(model);
    SplittableRandom random = new SplittableRandom(1);
    calls = new short[ROWS / batch][batch * (model.window() + 1)];
    for (short[] call : calls) {
      for (int i = 0; i < call.length; i++) {
        call[i] = (short) random.nextInt(model.classes());
      }
    }
  }

  /** As many windows in each of the cases. */
  @Benchmark
  @OperationsPerInvocation(ROWS)
  public double score() {
    double highest = 0;
    for (short[] call : calls) {
      scorer.score(call, batch, surprise);
      for (int row = 0; row < batch; row++) {
        highest = Math.max(highest, mean(surprise[row]));
      }
    }
    return highest;
  }

  private double mean(float next) {
    sum += next - last[oldest];
    last[oldest] = next;
    oldest = (oldest + 1) % ROLLING;
    return sum / ROLLING;
  }

  /** Frees the native part. */
  @TearDown
  public void close() {
    scorer.close();
  }
}
