// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.tflite.EngineOptions;
import tagwatch.scorer.tflite.Refusal;
import tagwatch.scorer.tflite.TfliteEngine;
import tagwatch.scorer.tflite.TfliteScorer;

/**
 * The process that opens mutants and may die of one. A line for each mutant on standard output: its
 * number and what became of it; the number without an outcome is the one that it died of.
 */
final class FuzzWorker {
  static final String ACCEPTED = "accepted";

  private static final int ROWS = 73;

  private final Mutation mutation;
  private final long seed;
  private final List<String> ways;

  private FuzzWorker(Mutation mutation, long seed, boolean xnnpack) {
    this.mutation = mutation;
    this.seed = seed;
    this.ways = xnnpack ? List.of("false", "true") : List.of("false");
  }

  /** Arguments: base, seed, first number, number to stop before, whether with XNNPACK too. */
  public static void main(String[] args) throws IOException {
    Mutation mutation = new Mutation(Files.readAllBytes(Path.of(args[0])));
    FuzzWorker worker =
        new FuzzWorker(mutation, Long.parseLong(args[1]), Boolean.parseBoolean(args[4]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (long number = Long.parseLong(args[2]); number < Long.parseLong(args[3]); number++) {
      out.println(number + " " + worker.outcome(number));
    }
  }

  private String outcome(long number) {
    byte[] mutant = mutation.mutant(seed, number);
    int[] input = mutation.input();
    try {
      for (String xnnpack : ways) {
        Model model =
            new NetworkFile(
                "mutant " + number,
                input[0],
                input[1],
                ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN),
                Map.of(EngineOptions.XNNPACK, xnnpack));
        try (TfliteScorer scorer = new TfliteEngine().open(model)) {
          score(scorer, input, number);
        }
      }
      return ACCEPTED;
    } catch (ModelException e) {
      return e.getCause() instanceof Refusal refusal ? refusal.reason().label() : "engine";
    }
  }

  /** Every batch size is taken once. */
  private static void score(TfliteScorer scorer, int[] input, long number) {
    Random random = new Random(number);
    short[] rows = new short[ROWS * (input[0] + 1)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (short) random.nextInt(input[1]);
    }
    scorer.score(rows, ROWS, new float[ROWS]);
  }
}
