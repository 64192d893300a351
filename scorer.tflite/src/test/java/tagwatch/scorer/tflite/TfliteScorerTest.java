// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.tflite.NetworkWriter.Storage;
import tagwatch.scorer.tflite.NetworkWriter.Style;

class TfliteScorerTest {
  private static final int WINDOW = 10;
  private static final int CLASSES = 16;
  private static final Weights WEIGHTS = new Weights(WINDOW, CLASSES, 1);

  private static TfliteScorer open(Storage storage, Style style, String... options)
      throws ModelException {
    byte[] file = NetworkWriter.write(WEIGHTS, storage, style);
    return new TfliteEngine().open(FileModel.of(file, CLASSES, options));
  }

  private static short[] rows(int count, long seed) {
    Random random = new Random(seed);
    short[] rows = new short[count * (WINDOW + 1)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (short) random.nextInt(CLASSES);
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, FIXED",
    "FLOAT, OPEN",
    "FLOAT, SQUEEZED",
    "INT8_BY_TENSOR, FIXED",
    "INT8_BY_TENSOR, OPEN",
    "INT8_BY_TENSOR, SQUEEZED"
  })
  void shouldPredictWhatTheWeightsSay(Storage storage, Style style) throws Exception {
    Reference reference = new Reference(WEIGHTS, storage);
    try (TfliteScorer scorer = open(storage, style, "xnnpack", "false")) {
      for (int seed = 0; seed < 50; seed++) {
        short[] row = rows(1, seed);
        float[] found = new float[CLASSES];
        scorer.predict(row, found);

        double[] expected = reference.predict(row);
        for (int i = 0; i < CLASSES; i++) {
          assertThat((double) found[i]).isEqualTo(expected[i], within(2e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, 1e-6",
    "INT8_BY_TENSOR, 0.05",
    "INT8_BY_CHANNEL, 0.05",
    "INT8_DEQUANTISED, 1e-6",
    "FLOAT16_DEQUANTISED, 1e-6"
  })
  void shouldPredictNearlyTheSameWithXnnpack(Storage storage, double tolerance) throws Exception {
    for (Style style : Style.values()) {
      try (TfliteScorer exact = open(storage, style, "xnnpack", "false");
          TfliteScorer fast = open(storage, style)) {
        float[] expected = new float[CLASSES];
        float[] found = new float[CLASSES];
        for (int seed = 0; seed < 20; seed++) {
          exact.predict(rows(1, seed), expected);
          fast.predict(rows(1, seed), found);
          assertThat(found).containsExactly(expected, within((float) tolerance));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 63, 64, 65, 200})
  void shouldScoreABatchAsItScoresEachRow(int count) throws Exception {
    for (Style style : Style.values()) {
      try (TfliteScorer scorer = open(Storage.FLOAT, style)) {
        short[] rows = rows(count, count);
        float[] together = new float[count];
        scorer.score(rows, count, together);

        float[] alone = new float[1];
        for (int row = 0; row < count; row++) {
          short[] one = new short[WINDOW + 1];
          System.arraycopy(rows, row * one.length, one, 0, one.length);
          scorer.score(one, 1, alone);
          assertThat(together[row]).isEqualTo(alone[0], within(1e-5f));
        }
      }
    }
  }

  @Test
  void shouldTellTheClassOfEveryOtherEventFromItsPlaceInTheNetwork() throws Exception {
    int other = 5;
    byte[] file = NetworkWriter.write(WEIGHTS, Storage.FLOAT, Style.FIXED);
    try (TfliteScorer plain = new TfliteEngine().open(FileModel.of(file, CLASSES));
        TfliteScorer moved =
            new TfliteEngine().open(FileModel.of(file, CLASSES, "otherClass", "" + other))) {
      short[] network = rows(1, 3);
      short[] model = new short[network.length];
      for (int i = 0; i < model.length; i++) {
        int event = network[i];
        model[i] = (short) (event == other ? CLASSES - 1 : event < other ? event : event - 1);
      }
      float[] expected = new float[1];
      float[] found = new float[1];
      plain.score(network, 1, expected);
      moved.score(model, 1, found);
      assertThat(found).containsExactly(expected);

      float[] inNetworkOrder = new float[CLASSES];
      float[] inModelOrder = new float[CLASSES];
      plain.predict(network, inNetworkOrder);
      moved.predict(model, inModelOrder);
      assertThat(inModelOrder[CLASSES - 1]).isEqualTo(inNetworkOrder[other]);
      assertThat(inModelOrder[other]).isEqualTo(inNetworkOrder[other + 1]);
    }
  }

  @Test
  void shouldGoOnAfterARowWithAClassThatIsNone() throws Exception {
    try (TfliteScorer scorer = open(Storage.FLOAT, Style.OPEN)) {
      short[] rows = rows(8, 1);
      float[] before = new float[8];
      scorer.score(rows, 8, before);
      short[] bad = rows.clone();
      bad[30] = CLASSES;
      assertThatThrownBy(() -> scorer.score(bad, 8, new float[8]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0..15");

      float[] after = new float[8];
      scorer.score(rows, 8, after);
      assertThat(after).containsExactly(before);
    }
  }

  @Test
  void shouldClipSurpriseAsIn2020AndKeepNaN() {
    assertThat(TfliteScorer.surprise(0)).isEqualTo(27.63102f, within(1e-5f));
    assertThat(TfliteScorer.surprise(1)).isZero();
    assertThat(TfliteScorer.surprise(1.0001f)).isZero();
    assertThat(TfliteScorer.surprise(Float.NaN)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "xnnpack, yes, true or false",
    "threads, 0, 1..16",
    "otherClass, 16, 0..15",
    "speed, high, no such option"
  })
  void shouldRefuseAnOptionByNameAndValue(String name, String value, String allowed) {
    assertThatThrownBy(() -> open(Storage.FLOAT, Style.OPEN, name, value))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("models/7/tflite-test")
        .hasMessageContaining(name)
        .hasMessageContaining(value)
        .hasMessageContaining(allowed);
  }

  /** The whole of 10,000 is a line of the bench. */
  @Test
  void shouldNotGrowWhenModelsAreOpenedAndClosed() throws Exception {
    cycles(100);
    long before = residentKilobytes();
    cycles(300);
    assertThat(residentKilobytes() - before).isLessThan(5 * 1024);
  }

  private static void cycles(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      try (TfliteScorer scorer = open(Storage.FLOAT, Style.OPEN)) {
        scorer.score(rows(9, i), 9, new float[9]);
      }
    }
    System.gc();
  }

  private static long residentKilobytes() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
