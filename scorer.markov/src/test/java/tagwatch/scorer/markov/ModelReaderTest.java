// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;

class ModelReaderTest {
  private static final int CLASSES = 5;
  private static final int ORDER = 2;
  private static final int NGRAMS = ModelLayout.ngramsOffset(ORDER);

  private StoredModel model;

  @BeforeEach
  void learn() throws ModelException {
    Sequences corpus = Sequences.of(CLASSES, 0, 1, 2, 0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 0, 1);
    model =
        StoredModel.of(
            new MarkovLearner().learn(corpus, Map.of("order", "" + ORDER), (step, done) -> {}),
            CLASSES);
  }

  @Test
  void shouldRefuseAModelCutAtAnyByte() {
    for (int length = 0; length < model.bytes().length; length++) {
      StoredModel cut = model.with(Arrays.copyOf(model.bytes(), length));
      assertThatThrownBy(() -> new MarkovEngine().open(cut))
          .as("first %d bytes", length)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(StoredModel.ORIGIN)
          .hasMessageContaining("allowed");
    }
  }

  @Test
  void shouldRefuseAModelCutAtAnyByteThoughLengthAndChecksumFit() {
    for (int length = ModelLayout.EVENTS_OFFSET; length < model.bytes().length; length++) {
      StoredModel cut = resized(Arrays.copyOf(model.bytes(), length));
      assertThatThrownBy(() -> new MarkovEngine().open(cut))
          .as("first %d bytes", length)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(StoredModel.ORIGIN);
    }
  }

  @Test
  void shouldRefuseAModelWithAnyBitFlipped() {
    for (int bit = 0; bit < model.bytes().length * Byte.SIZE; bit++) {
      byte[] flipped = model.bytes();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThatThrownBy(() -> new MarkovEngine().open(model.with(flipped)))
          .as("bit %d", bit)
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(StoredModel.ORIGIN);
    }
  }

  @Test
  void shouldRefuseOrScoreSanelyWhateverAForgerWrites() {
    SplittableRandom random = new SplittableRandom(4);
    int opened = 0;
    for (int round = 0; round < 60_000; round++) {
      byte[] forged = model.bytes();
      for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
        forged[random.nextInt(ModelLayout.ORDER_OFFSET, forged.length - 4)] =
            (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(4));
      }
      opened += opensSanely(model.with(forged).sealed()) ? 1 : 0;
    }
    assertThat(opened).as("forged models that are models").isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|1|66|magic: found 0x564f4b52414d5742, allowed: 0x564f4b52414d5754; is this",
        "8|2|2|version: found 2, allowed: 1",
        "10|1|0|order: found 0, allowed: 1..8",
        "10|1|9|order: found 9, allowed: 1..8",
        "10|1|255|order: found 255, allowed: 1..8",
        "10|1|3|order: found 3, allowed: 2, the window of the model",
        "11|1|3|smoothing: found 3, allowed: [1 witten-bell, 2 kneser-ney]",
        "12|2|1|classes: found 1, allowed: 2..32767",
        "12|2|32768|classes: found 32768, allowed: 2..32767",
        "12|2|6|classes: found 6, allowed: 5, the classes of the model",
        "14|2|7|reserved: found 7, allowed: 0",
        "16|4|4294967295|length: found 4294967295, allowed: 94, the bytes that are there",
        "20|4|0|sequences: found 0, allowed: 1..4294967295",
        "24|8|0|events: found 0, allowed: 1..281474976710655",
        "24|8|-1|events: found 18446744073709551615, allowed: 1..281474976710655",
        "32|4|0|n-grams of length 1: found 0, allowed: at least 1 and what fits into 46",
        "36|4|4294967295|n-grams of length 2: found 4294967295, allowed: at least 1 and what",
        "40|4|25|n-grams of length 3: found 25, allowed: at least 1 and what fits into 46",
        "73|1|0|n-grams of length 3: found 1 without a shorter one, allowed: 0",
        "24|8|16|n-grams of length 1: found counts that lack 1 occurrences",
      })
  void shouldNameTheFieldTheValueAndWhatIsAllowed(
      int offset, int width, long value, String message) {
    byte[] forged = model.bytes();
    ByteBuffer content = ByteBuffer.wrap(forged).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < width; i++) {
      content.put(offset + i, (byte) (value >>> (8 * i)));
    }
    assertThatThrownBy(() -> new MarkovEngine().open(model.with(forged).sealed()))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(StoredModel.ORIGIN + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|5|event of n-gram 1: found 5, allowed: 0..4",
        "1|0|count of n-gram 1: found 0, allowed: 1..15",
        "1|16|count of n-gram 1: found 16, allowed: 1..15",
        "2|127|children of n-gram 1: found 127, allowed: 0..6",
        "3|-128|event of n-gram 2: no end",
      })
  void shouldNameTheNgramThatIsWrong(int offset, int value, String message) {
    byte[] forged = model.bytes();
    forged[NGRAMS + offset] = (byte) value;
    if (value < 0) {
      forged[NGRAMS + offset + 1] = 0;
    }
    assertThatThrownBy(() -> new MarkovEngine().open(model.with(forged).sealed()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message.replace(": no end", ": found no end of the number"));
  }

  @Test
  void shouldRefuseBytesBehindTheLastNgram() {
    byte[] longer = Arrays.copyOf(model.bytes(), model.bytes().length + 1);

    assertThatThrownBy(() -> new MarkovEngine().open(resized(longer)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("n-grams: found 1 bytes behind the last one, allowed: 0");
  }

  @Test
  void shouldRefuseOptionsBecauseItKnowsNone() {
    StoredModel wishful =
        new StoredModel(ORDER, CLASSES, model.stored(), Map.of("xnnpack", "true"));

    assertThatThrownBy(() -> new MarkovEngine().open(wishful))
        .isInstanceOf(ModelException.class)
        .hasMessage(StoredModel.ORIGIN + ": options: found {xnnpack=true}, allowed: []");
  }

  /** Length and checksum set to what is there. */
  private StoredModel resized(byte[] bytes) {
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(ModelLayout.LENGTH_OFFSET, bytes.length);
    return model.with(bytes).sealed();
  }

  private static boolean opensSanely(StoredModel forged) {
    Scorer scorer;
    try {
      scorer = new MarkovEngine().open(forged);
    } catch (ModelException e) {
      assertThat(e).hasMessageContaining(StoredModel.ORIGIN);
      return false;
    }
    short[] row = new short[ORDER + 1];
    float[] surprise = new float[1];
    for (int i = 0; i < CLASSES * CLASSES * CLASSES; i++) {
      row[0] = (short) (i % CLASSES);
      row[1] = (short) (i / CLASSES % CLASSES);
      row[2] = (short) (i / CLASSES / CLASSES);
      scorer.score(row, 1, surprise);
      assertThat(surprise[0]).isFinite().isGreaterThanOrEqualTo(0);
    }
    return true;
  }
}
