// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.ModelException;

class MarkovLearnerTest {

  @Test
  void shouldWriteTheDocumentedBytes() throws Exception {
    LearnedModel learned = learn(Sequences.of(3, 0, 1, 0, 1, 0), Map.of("order", "1"));

    assertThat(HexFormat.of().formatHex(StoredModel.of(learned, 3).bytes()))
        .isEqualTo(
            "54574d41524b4f56" // magic
                + "0100" // version
                + "01" // order
                + "01" // smoothing
                + "0300" // classes
                + "0000" // reserved
                + "36000000" // length
                + "01000000" // sequences
                + "0500000000000000" // events
                + "02000000" // n-grams of length 1
                + "02000000" // n-grams of length 2
                + "000301" // event 0, 3 times, 1 child
                + "000201" // event 0 + 1, 2 times, 1 child
                + "0102" // event 1 before event 0, 2 times
                + "0002" // event 0 before event 1, 2 times
                + "8bb5c83c"); // CRC32C
  }

  @Test
  void shouldDescribeWhatItMade() throws Exception {
    LearnedModel learned = learn(Sequences.of(3, 0, 1, 0, 1, 0), Map.of("order", "2"));

    assertThat(learned.window()).isEqualTo(2);
    assertThat(learned.content().position()).isZero();
    assertThat(learned.provenance())
        .containsEntry("order", "2")
        .containsEntry("smoothing", "witten-bell")
        .containsEntry("events", "5")
        .containsEntry("sequences", "1")
        .containsEntry("n-grams", "6")
        .containsEntry("n-grams of 3", "2");
  }

  @Test
  void shouldUseOrderFiveAndWittenBellUnlessTold() throws Exception {
    Sequences corpus = Sequences.random(1, 10);

    LearnedModel learned = learn(corpus, Map.of());

    assertThat(learned.window()).isEqualTo(5);
    assertThat(learned.content())
        .isEqualTo(learn(corpus, Map.of("order", "5", "smoothing", "witten-bell")).content());
  }

  @Test
  void shouldMakeTheSameBytesWhateverTheOrderOfTheSequences() throws Exception {
    Sequences corpus = Sequences.random(7, 40);

    assertThat(learn(corpus.reversed(), Map.of()).content())
        .isEqualTo(learn(corpus, Map.of()).content());
  }

  @Test
  void shouldTakeInheritedEventsAsContextOnly() throws Exception {
    Ngrams ngrams = counted(Sequences.learnedFrom(2, 4, 0, 1, 2, 1), 1);

    // Learned are 2 after 1, and 1 after 2; 0 and the first 1 are only looked at.
    assertThat(ngrams.count(0)).isEqualTo(2);
    assertThat(ngrams.end(1) - ngrams.start(1)).isEqualTo(2);
    assertThat(ngrams.end(2) - ngrams.start(2)).isEqualTo(2);
    assertThat(ngrams.starts(ngrams.start(1))).isZero();
  }

  @Test
  void shouldLearnShorterContextsOnlyAtTheStartOfASequence() throws Exception {
    Ngrams ngrams = counted(Sequences.of(4, 0, 1, 2), 2);

    assertThat(ngrams.end(1) - ngrams.start(1)).isEqualTo(3);
    assertThat(ngrams.end(2) - ngrams.start(2)).isEqualTo(2);
    assertThat(ngrams.end(3) - ngrams.start(3)).isEqualTo(1);
    assertThat(ngrams.starts(ngrams.start(1))).as("event 0 with nothing before it").isEqualTo(1);
  }

  @Test
  void shouldReadBackWhatItCounted() throws Exception {
    Sequences corpus = Sequences.random(11, 300);
    NgramCounter counter = new NgramCounter(4);
    for (int s = 0; s < corpus.sequences(); s++) {
      for (int at = corpus.from(s); at < corpus.sequence(s).length; at++) {
        counter.add(corpus.sequence(s), at);
      }
    }
    MarkovModel model =
        new MarkovModel(Smoothing.KNESER_NEY, 300, corpus.sequences(), counter.ngrams());

    StoredModel stored = new StoredModel(4, 300, ModelWriter.write(model), Map.of());

    assertThat(ModelReader.read(stored)).isEqualTo(model);
  }

  @Test
  void shouldReportProgress() throws Exception {
    List<String> steps = new ArrayList<>();
    Sequences corpus = Sequences.of(3, new int[200_000]);

    new MarkovLearner()
        .learn(
            corpus,
            Map.of(),
            (step, done) -> {
              assertThat(done).isBetween(0.0, 1.0);
              steps.add(step);
            });

    assertThat(steps).containsExactly("counting", "counting", "counting", "counting", "packing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "order|0|order: found 0, allowed: 1..8",
        "order|9|order: found 9, allowed: 1..8",
        "order|five|order: found five, allowed: 1..8",
        "order|-5|order: found -5, allowed: 1..8",
        "order|99999999999|order: found 99999999999, allowed: 1..8",
        "smoothing|laplace|smoothing: found laplace, allowed: [witten-bell, kneser-ney]",
        "ordre|5|ordre: found 5, allowed: [order, smoothing]",
      })
  void shouldRefuseOptions(String name, String value, String message) {
    assertThatThrownBy(() -> learn(Sequences.random(1, 10), Map.of(name, value)))
        .isInstanceOf(ModelException.class)
        .hasMessage("learning options: " + message);
  }

  @Test
  void shouldDescribeEachOption() {
    assertThat(new MarkovLearner().options())
        .containsOnly(
            Map.entry("order", "events of context, 1-8 (5)"),
            Map.entry(
                "smoothing",
                "how unseen n-grams get a probability, witten-bell or kneser-ney (witten-bell)"));
  }

  @Test
  void shouldRefuseACorpusThatIsTooSmall() {
    assertThatThrownBy(() -> learn(Sequences.of(3, 0, 1, 0, 1, 0), Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no learned event with 5 events before it");
    assertThatThrownBy(() -> learn(new Sequences(3, List.of(), List.of()), Map.of()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no learned event");
  }

  @Test
  void shouldRefuseACorpusThatContradictsItself() {
    assertThatThrownBy(() -> learn(Sequences.of(3, 0, 1, 3), Map.of("order", "1")))
        .isInstanceOf(ModelException.class)
        .hasMessage("corpus: event of sequence 0: found 3, allowed: 0..2");
    assertThatThrownBy(
            () ->
                learn(
                    new Sequences(3, List.of(new short[] {0, 1}), List.of(3)),
                    Map.of("order", "1")))
        .hasMessage("corpus: from of sequence 0: found 3, allowed: 0..2");
    assertThatThrownBy(() -> learn(Sequences.of(1, 0, 0, 0), Map.of("order", "1")))
        .hasMessage("corpus: classes: found 1, allowed: 2..32767");
  }

  private static LearnedModel learn(Sequences corpus, Map<String, String> options)
      throws ModelException {
    return new MarkovLearner().learn(corpus, options, (step, done) -> {});
  }

  private static Ngrams counted(Sequences corpus, int order) throws ModelException {
    LearnedModel learned = learn(corpus, Map.of("order", "" + order));
    return ModelReader.read(StoredModel.of(learned, corpus.classes())).ngrams();
  }
}
