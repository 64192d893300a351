// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Scorer;

class MarkovScorerTest {
  private static final int OTHER = 2;

  @Test
  void shouldGiveTheWittenBellNumbersOfAHandComputedModel() throws Exception {
    Scorer scorer = scorer(Sequences.of(3, 0, 1, 0, 1, 0), 1, "witten-bell");

    // c(0)=3 c(1)=2, two kinds: p(0) = (3 + 2/3) / 7 = 11/21, p(1) = 8/21, p(other) = 2/21.
    // After 0 came 1 twice, one kind: p(1|0) = (2 + 8/21) / 3; after 1 came 0 twice.
    assertThat(probability(scorer, 0, 1)).isCloseTo(50.0 / 63, within(1e-7));
    assertThat(probability(scorer, 0, 0)).isCloseTo(11.0 / 63, within(1e-7));
    assertThat(probability(scorer, 0, OTHER)).isCloseTo(2.0 / 63, within(1e-7));
    assertThat(probability(scorer, 1, 0)).isCloseTo(53.0 / 63, within(1e-7));
    assertThat(probability(scorer, 1, 1)).isCloseTo(8.0 / 63, within(1e-7));
    assertThat(probability(scorer, 1, OTHER)).isCloseTo(2.0 / 63, within(1e-7));
    assertThat(probability(scorer, OTHER, 0)).isCloseTo(11.0 / 21, within(1e-7));
    assertThat(probability(scorer, OTHER, 1)).isCloseTo(8.0 / 21, within(1e-7));
    assertThat(probability(scorer, OTHER, OTHER)).isCloseTo(2.0 / 21, within(1e-7));
  }

  @Test
  void shouldGiveTheKneserNeyNumbersOfAHandComputedModel() throws Exception {
    Scorer scorer = scorer(Sequences.of(3, 0, 1, 0, 1, 0), 1, "kneser-ney");

    // 0 follows 1 and the start, 1 follows 0: counts 2 and 1, so n1 = n2 = 1 and D = 1/3:
    // p(0) = (2 - 1/3) / 3 + 2/9 * 1/3 = 17/27, p(1) = 8/27, p(other) = 2/27.
    // Both bigrams occur twice, none once, so D = 1/2: p(1|0) = 3/4 + 1/4 * 8/27.
    assertThat(probability(scorer, 0, 1)).isCloseTo(89.0 / 108, within(1e-7));
    assertThat(probability(scorer, 0, 0)).isCloseTo(17.0 / 108, within(1e-7));
    assertThat(probability(scorer, 0, OTHER)).isCloseTo(2.0 / 108, within(1e-7));
    assertThat(probability(scorer, 1, 0)).isCloseTo(98.0 / 108, within(1e-7));
    assertThat(probability(scorer, OTHER, 0)).isCloseTo(17.0 / 27, within(1e-7));
    assertThat(probability(scorer, OTHER, OTHER)).isCloseTo(2.0 / 27, within(1e-7));
  }

  @ParameterizedTest
  @CsvSource({
    "witten-bell,1", "witten-bell,2", "witten-bell,3", "witten-bell,5", "witten-bell,8",
    "kneser-ney,1", "kneser-ney,2", "kneser-ney,3", "kneser-ney,5", "kneser-ney,8"
  })
  void shouldAgreeWithTheTextbook(String smoothing, int order) throws Exception {
    int[] sizes = {2, 3, 6, 40, 129, 1000, 32767};
    for (int seed = 0; seed < 28; seed++) {
      int classes = sizes[seed % sizes.length];
      Sequences corpus = Sequences.random(seed, classes);
      Textbook textbook = new Textbook(corpus, order, smoothing.equals("kneser-ney"));
      Scorer scorer = scorer(corpus, order, smoothing);
      for (short[] row : rows(corpus, order, new SplittableRandom(seed))) {
        List<Integer> events = integers(row);
        double expected = -Math.log(textbook.probability(events.subList(0, order), row[order]));
        assertThat((double) surprise(scorer, row))
            .as("seed %d classes %d row %s", seed, classes, events)
            .isCloseTo(expected, within(1e-6 + Math.ulp((float) expected) / 2));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "witten-bell,1",
    "witten-bell,5",
    "witten-bell,8",
    "kneser-ney,1",
    "kneser-ney,5",
    "kneser-ney,8"
  })
  void shouldShareOutAllProbabilityAfterAnyContext(String smoothing, int order) throws Exception {
    int[] sizes = {2, 5, 41, 300};
    for (int seed = 0; seed < 16; seed++) {
      int classes = sizes[seed % sizes.length];
      Sequences corpus = Sequences.random(seed, classes);
      Scorer scorer = scorer(corpus, order, smoothing);
      List<short[]> rows = rows(corpus, order, new SplittableRandom(seed));
      for (short[] row : rows.subList(0, Math.min(80, rows.size()))) {
        double sum = 0;
        for (int next = 0; next < classes; next++) {
          row[order] = (short) next;
          float surprise = surprise(scorer, row);
          assertThat(surprise).isFinite().isGreaterThanOrEqualTo(0);
          sum += Math.exp(-surprise);
        }
        assertThat(sum).as("seed %d context %s", seed, integers(row)).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void shouldScoreRowsThatLieBehindEachOther() throws Exception {
    Sequences corpus = Sequences.random(3, 20);
    Scorer scorer = scorer(corpus, 3, "witten-bell");
    List<short[]> rows = rows(corpus, 3, new SplittableRandom(1));
    short[] classes = new short[rows.size() * 4];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, classes, i * 4, 4);
    }
    float[] surprise = new float[rows.size() + 1];
    surprise[rows.size()] = -7;

    scorer.score(classes, rows.size(), surprise);

    for (int i = 0; i < rows.size(); i++) {
      assertThat(surprise[i]).isEqualTo(surprise(scorer, rows.get(i)));
    }
    assertThat(surprise[rows.size()]).as("behind the last row").isEqualTo(-7);
  }

  @Test
  void shouldNotAllocateWhileItScores() throws Exception {
    Sequences corpus = Sequences.random(5, 40);
    Scorer scorer = scorer(corpus, 5, "witten-bell");
    List<short[]> rows = rows(corpus, 5, new SplittableRandom(2));
    float[] surprise = new float[1];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long fewest = Long.MAX_VALUE;
    // Classes are loaded in the first round; the virtual machine may allocate in any one round.
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < rows.size(); i++) {
        scorer.score(rows.get(i), 1, surprise);
      }
      fewest = Math.min(fewest, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertThat(fewest).as("bytes for %d rows", rows.size()).isZero();
  }

  @Test
  void shouldRefuseClassesThatTheModelDoesNotHave() throws Exception {
    Scorer scorer = scorer(Sequences.of(3, 0, 1, 0, 1, 0), 1, "witten-bell");

    assertThatThrownBy(() -> scorer.score(new short[] {0, 1, 0, 3}, 2, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 1: class 3 out of range 0..2");
    assertThatThrownBy(() -> scorer.score(new short[] {-1, 1}, 1, new float[1]))
        .hasMessage("row 0: class -1 out of range 0..2");
  }

  private static Scorer scorer(Sequences corpus, int order, String smoothing) throws Exception {
    Map<String, String> options = Map.of("order", "" + order, "smoothing", smoothing);
    LearnedModel learned = new MarkovLearner().learn(corpus, options, (step, done) -> {});
    return new MarkovEngine().open(StoredModel.of(learned, corpus.classes()));
  }

  private static double probability(Scorer scorer, int... row) {
    short[] classes = new short[row.length];
    for (int i = 0; i < row.length; i++) {
      classes[i] = (short) row[i];
    }
    return Math.exp(-surprise(scorer, classes));
  }

  private static float surprise(Scorer scorer, short[] row) {
    float[] surprise = new float[1];
    scorer.score(row, 1, surprise);
    return surprise[0];
  }

  /** Rows from the corpus, the same with one event exchanged, and rows of chance. */
  private static List<short[]> rows(Sequences corpus, int order, SplittableRandom random) {
    List<short[]> rows = new ArrayList<>();
    for (int s = 0; s < corpus.sequences(); s++) {
      short[] sequence = corpus.sequence(s);
      for (int end = order + 1; end <= sequence.length; end += 3) {
        short[] row = Arrays.copyOfRange(sequence, end - order - 1, end);
        rows.add(row);
        short[] changed = row.clone();
        changed[random.nextInt(order + 1)] = (short) random.nextInt(corpus.classes());
        rows.add(changed);
      }
    }
    for (int i = 0; i < 20; i++) {
      short[] row = new short[order + 1];
      for (int at = 0; at <= order; at++) {
        row[at] = (short) random.nextInt(corpus.classes());
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<Integer> integers(short[] row) {
    List<Integer> integers = new ArrayList<>();
    for (short event : row) {
      integers.add((int) event);
    }
    return integers;
  }
}
