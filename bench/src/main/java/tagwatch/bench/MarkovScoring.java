// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
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
import tagwatch.scorer.Corpus;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.markov.MarkovEngine;
import tagwatch.scorer.markov.MarkovLearner;

/** Time of the Markov scorer for one row, in batches of 64 as the player calls it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MarkovScoring {
  private static final int BATCH = 64;
  private static final int BATCHES = 256;
  private static final int CLASSES = 48;
  private static final int EVENTS = 200_000;

  /** Order of the model. */
  @Param({"3", "5", "8"})
  int order;

  /** Events as they were learned, or at random, which is what an attack looks like. */
  @Param({"learned", "random"})
  String events;

  private final float[] surprise = new float[BATCH];
  private final short[][] batches = new short[BATCHES][];
  private Scorer scorer;
  private int next;

  /** Learns a model of a made-up server and cuts rows. */
  @Setup
  public void learn() throws ModelException {
    short[] sequence = server();
    LearnedModel learned =
        new MarkovLearner()
            .learn(corpus(sequence), Map.of("order", Integer.toString(order)), (step, done) -> {});
    scorer = new MarkovEngine().open(model(learned));
    SplittableRandom random = new SplittableRandom(2);
    for (int batch = 0; batch < BATCHES; batch++) {
      batches[batch] = rows(sequence, random);
    }
  }

  /** One batch. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public float[] score() {
    scorer.score(batches[next], BATCH, surprise);
    next = (next + 1) % BATCHES;
    return surprise;
  }

  private short[] rows(short[] sequence, SplittableRandom random) {
    short[] rows = new short[BATCH * (order + 1)];
    for (int row = 0; row < BATCH; row++) {
      int from = random.nextInt(EVENTS - order);
      for (int i = 0; i <= order; i++) {
        rows[row * (order + 1) + i] =
            events.equals("learned") ? sequence[from + i] : (short) random.nextInt(CLASSES);
      }
    }
    return rows;
  }

  /** Requests of some kinds, each a fixed run of calls with a stray one now and then. */
  private static short[] server() {
    SplittableRandom random = new SplittableRandom(1);
    short[][] requests = new short[40][];
    for (int kind = 0; kind < requests.length; kind++) {
      requests[kind] = new short[20 + random.nextInt(60)];
      for (int i = 0; i < requests[kind].length; i++) {
        requests[kind][i] = (short) random.nextInt(CLASSES - 1);
      }
    }
    short[] sequence = new short[EVENTS];
    int at = 0;
    while (at < EVENTS) {
      for (short event : requests[random.nextInt(requests.length)]) {
        if (at < EVENTS) {
          boolean stray = random.nextInt(100) == 0;
          sequence[at++] = stray ? (short) random.nextInt(CLASSES - 1) : event;
        }
      }
    }
    return sequence;
  }

  private static Corpus corpus(short[] sequence) {
    return new Corpus() {
      @Override
      public int classes() {
        return CLASSES;
      }

      @Override
      public int sequences() {
        return 1;
      }

      @Override
      public short[] sequence(int index) {
        return sequence;
      }

      @Override
      public int from(int index) {
        return 0;
      }

      @Override
      public boolean heldOut(int index) {
        return false;
      }
    };
  }

  private static Model model(LearnedModel learned) {
    return new Model() {
      @Override
      public String origin() {
        return "learned for a measurement";
      }

      @Override
      public int window() {
        return learned.window();
      }

      @Override
      public int classes() {
        return CLASSES;
      }

      @Override
      public ByteBuffer content() {
        return learned.content().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
      }

      @Override
      public Map<String, String> options() {
        return Map.of();
      }
    };
  }
}
