// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tagwatch.scorer.Learner;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/**
 * What every engine of the SPI {@code tagwatch.scorer} has to do.
 *
 * <p>{@code conformance.scorer} names the format, {@code conformance.model} a model's folder;
 * without it the format's learner makes one. {@code conformance.cycles}: how often a scorer is
 * opened and closed (10,000).
 */
public class ScorerConformance {
  private static final int ROWS = 300;
  private static final int FLIPS = 400;
  private static final int TRUNCATIONS = 200;

  /** Engines that sum in another order in a batch differ in the last digits. */
  private static final float TOLERANCE = 1e-3f;

  private static final long RSS_ALLOWANCE_KB = 24 * 1024;

  private ScorerEngine engine;
  private Optional<Learner> learner = Optional.empty();
  private SampleModel model;

  /** Called by JUnit. */
  public ScorerConformance() {}

  @TestFactory
  Stream<DynamicTest> scorer() throws Exception {
    Optional<String> format = Provided.property("conformance.scorer");
    if (format.isEmpty()) {
      return Stream.empty();
    }
    engine = Provided.service(ScorerEngine.class, ScorerEngine.FORMAT, format.get());
    learner = Provided.find(Learner.class, ScorerEngine.FORMAT, format.get());
    model = model(format.get());
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(dynamicTest("shouldGiveFiniteSurpriseNotBelowZero", this::finite));
    tests.add(dynamicTest("shouldScoreTheSameInAnyBatchAndOrder", this::stateless));
    tests.add(dynamicTest("shouldTouchNothingButTheRowsAsked", this::modest));
    tests.add(dynamicTest("shouldScoreTheSameFromAnyThread", this::threads));
    tests.add(dynamicTest("shouldKeepScorersOfOneModelApart", this::apart));
    tests.add(dynamicTest("shouldRefuseTruncatedModels", this::truncated));
    tests.add(dynamicTest("shouldSurviveFlippedBits", this::flipped));
    tests.add(dynamicTest("shouldSurviveAModelOfAnotherShape", this::shapes));
    tests.add(dynamicTest("shouldHoldNothingAfterItIsClosed", this::cycles));
    if (learner.isPresent()) {
      tests.add(dynamicTest("shouldLearnTheSameBytesFromTheSameCorpus", this::deterministic));
      tests.add(dynamicTest("shouldRefuseUnknownOptions", this::options));
      tests.add(dynamicTest("shouldRefuseToLearnFromNothing", this::nothing));
    }
    return tests.stream();
  }

  private SampleModel model(String format) throws Exception {
    Optional<String> folder = Provided.property("conformance.model");
    if (folder.isPresent()) {
      return SampleModel.read(Path.of(folder.get()));
    }
    SampleCorpus corpus = new SampleCorpus(100);
    return SampleModel.of(
        learner
            .orElseThrow(
                () ->
                    new AssertionError(
                        "format " + format + " has no learner here: set conformance.model"))
            .learn(corpus, Map.of(), (step, done) -> {}),
        corpus.classes());
  }

  private short[] rows(int seed) {
    Random random = new Random(seed);
    short[] classes = new short[ROWS * (model.window() + 1)];
    for (int i = 0; i < classes.length; i++) {
      // rows of one class only, of the last class, and mixed ones
      int row = i / (model.window() + 1);
      classes[i] =
          (short)
              switch (row % 4) {
                case 0 -> row % model.classes();
                case 1 -> model.classes() - 1;
                default -> random.nextInt(model.classes());
              };
    }
    return classes;
  }

  private float[] score(Scorer scorer, short[] classes, int batch) {
    int stride = model.window() + 1;
    float[] all = new float[ROWS];
    for (int from = 0; from < ROWS; from += batch) {
      int rows = Math.min(batch, ROWS - from);
      float[] part = new float[rows];
      Arrays.fill(part, Float.NaN);
      scorer.score(Arrays.copyOfRange(classes, from * stride, (from + rows) * stride), rows, part);
      System.arraycopy(part, 0, all, from, rows);
    }
    return all;
  }

  private static void assertSurprise(float[] surprise) {
    for (float value : surprise) {
      assertThat(value).isFinite().isNotNegative();
    }
  }

  private static void assertSame(float[] first, float[] second) {
    for (int i = 0; i < first.length; i++) {
      assertThat(second[i])
          .as("row %d", i)
          .isCloseTo(first[i], Offset.offset(TOLERANCE * Math.max(1, first[i])));
    }
  }

  void finite() throws Exception {
    try (Scorer scorer = engine.open(model)) {
      assertSurprise(score(scorer, rows(1), 64));
    }
  }

  void stateless() throws Exception {
    short[] classes = rows(2);
    try (Scorer scorer = engine.open(model)) {
      float[] alone = score(scorer, classes, 1);
      for (int batch : new int[] {2, 7, 64, 65, ROWS}) {
        assertSame(alone, score(scorer, classes, batch));
      }
      float[] backwards = score(scorer, reversed(classes), 64);
      for (int i = 0; i < ROWS; i++) {
        assertThat(backwards[ROWS - 1 - i])
            .isCloseTo(alone[i], Offset.offset(TOLERANCE * Math.max(1, alone[i])));
      }
    }
  }

  private short[] reversed(short[] classes) {
    int stride = model.window() + 1;
    short[] reversed = new short[classes.length];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(classes, row * stride, reversed, (ROWS - 1 - row) * stride, stride);
    }
    return reversed;
  }

  void modest() throws Exception {
    short[] classes = rows(3);
    short[] before = classes.clone();
    float[] surprise = new float[ROWS];
    Arrays.fill(surprise, -7);
    try (Scorer scorer = engine.open(model)) {
      scorer.score(classes, 10, surprise);
    }
    assertThat(classes).isEqualTo(before);
    for (int i = 0; i < ROWS; i++) {
      assertThat(surprise[i] == -7).as("result %d of 10", i).isEqualTo(i >= 10);
    }
  }

  void threads() throws Exception {
    short[] classes = rows(4);
    try (Scorer scorer = engine.open(model)) {
      float[] here = score(scorer, classes, 64);
      for (int i = 0; i < 4; i++) {
        float[][] there = new float[1][];
        Thread thread = new Thread(() -> there[0] = score(scorer, classes, 64));
        thread.start();
        thread.join();
        assertThat(there[0]).as("scores of another thread").isNotNull();
        assertSame(here, there[0]);
      }
    }
  }

  void apart() throws Exception {
    short[] classes = rows(5);
    Scorer first = engine.open(model);
    float[] expected;
    try (Scorer second = engine.open(model)) {
      expected = score(first, classes, 64);
      assertSame(expected, score(second, classes, 64));
      first.close();
      assertSame(expected, score(second, classes, 64));
    }
  }

  void truncated() {
    byte[] bytes = model.bytes();
    for (int i = 0; i < TRUNCATIONS; i++) {
      int length = (int) ((long) bytes.length * i / TRUNCATIONS);
      SampleModel cut = model.with("cut to " + length, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> engine.open(cut).close())
          .as("%s of %d bytes", cut.origin(), bytes.length)
          .isInstanceOf(ModelException.class)
          .hasMessageMatching("(?s).{10,}");
    }
  }

  void flipped() {
    Random random = new Random(6);
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] bytes = model.bytes().clone();
      int bit = random.nextInt(bytes.length * 8);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      refused += harmless(model.with("with bit " + bit + " flipped", bytes)) ? 0 : 1;
    }
    System.out.printf("%d of %d models with a flipped bit refused%n", refused, FLIPS);
  }

  void shapes() {
    for (int window : new int[] {1, model.window() + 1, 127}) {
      harmless(model.withShape(window, model.classes()));
    }
    for (int classes : new int[] {2, model.classes() - 1, model.classes() + 1, 32_767}) {
      harmless(model.withShape(model.window(), classes));
    }
  }

  /** Either it is refused with a reason (false), or it scores as a scorer does. */
  private boolean harmless(SampleModel odd) {
    try (Scorer scorer = engine.open(odd)) {
      short[] classes = new short[8 * (odd.window() + 1)];
      for (int i = 0; i < classes.length; i++) {
        classes[i] = (short) (i % odd.classes());
      }
      float[] surprise = new float[8];
      Arrays.fill(surprise, Float.NaN);
      scorer.score(classes, 8, surprise);
      assertSurprise(surprise);
      return true;
    } catch (ModelException e) {
      assertThat(e.getMessage()).as("reason for refusing %s", odd.origin()).isNotBlank();
      return false;
    }
  }

  void cycles() throws Exception {
    int cycles = Provided.number("conformance.cycles", 10_000);
    openAndClose(cycles / 10);
    Resources before = Resources.now();
    openAndClose(cycles - cycles / 10);
    Resources after = Resources.now();
    System.out.printf("%d scorers opened and closed: %s, then %s%n", cycles, before, after);
    after.assertNotGrown(before, RSS_ALLOWANCE_KB);
  }

  private void openAndClose(int times) throws Exception {
    short[] classes = rows(7);
    float[] surprise = new float[64];
    for (int i = 0; i < times; i++) {
      try (Scorer scorer = engine.open(model)) {
        scorer.score(classes, 64, surprise);
      }
    }
  }

  void deterministic() throws Exception {
    SampleCorpus corpus = new SampleCorpus(30);
    byte[] first = learn(corpus, Map.of());
    assertThat(learn(corpus, Map.of())).isEqualTo(first);
  }

  private byte[] learn(SampleCorpus corpus, Map<String, String> options) throws Exception {
    return SampleModel.of(
            learner.orElseThrow().learn(corpus, options, (step, done) -> {}), corpus.classes())
        .bytes();
  }

  void options() {
    assertThatThrownBy(() -> learn(new SampleCorpus(30), Map.of("no-such-option", "1")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no-such-option");
  }

  void nothing() {
    assertThatThrownBy(() -> learn(new SampleCorpus(0), Map.of()))
        .isInstanceOf(ModelException.class);
  }
}
