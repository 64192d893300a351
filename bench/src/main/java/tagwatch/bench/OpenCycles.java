// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.tflite.TfliteEngine;

/** Opens, uses and closes a model so many times; prints the process's memory before and after. */
final class OpenCycles {
  private static final int FIRST = 500;

  private OpenCycles() {}

  /** Argument: how many times. */
  public static void main(String[] args) throws ModelException, IOException {
    cycles(FIRST);
    long before = residentKilobytes();
    cycles(Integer.parseInt(args[0]));
    System.out.println(before + " " + residentKilobytes());
  }

  private static void cycles(int count) throws ModelException {
    CnnModel model = CnnModel.of("float");
    TfliteEngine engine = new TfliteEngine();
    short[] row = new short[model.window() + 1];
    for (int i = 0; i < count; i++) {
      try (Scorer scorer = engine.open(model)) {
        scorer.score(row, 1, new float[1]);
      }
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
