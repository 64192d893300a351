// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowsTest {

  @Test
  void shouldCountEachWindowWithTheEventAfterIt() {
    Sequences corpus = Sequences.empty(3).with(false, 0, 0, 1, 0, 1, 0).with(true, 0, 2, 2, 2);

    Rows learned = Rows.of(corpus, 2, false);

    assertThat(learned.classes()).containsExactly(0, 1, 0, 1, 0, 1);
    assertThat(learned.count(0)).isEqualTo(2);
    assertThat(learned.count(1)).isEqualTo(1);
    assertThat(learned.total()).isEqualTo(3);
    assertThat(Rows.of(corpus, 2, true).classes()).containsExactly(2, 2, 2);
  }

  @Test
  void shouldTakeInheritedEventsAsContextOnly() {
    Sequences corpus = Sequences.empty(4).with(false, 3, 0, 1, 2, 3, 0);

    assertThat(Rows.of(corpus, 2, false).classes()).containsExactly(1, 2, 3, 2, 3, 0);
  }

  @Test
  void shouldGiveEveryOccurrenceTheSameWeightWhateverStandsForIt() {
    int[] sequence = new int[103];
    sequence[102] = 1;
    Rows rows = Rows.of(Sequences.empty(2).with(false, 0, sequence), 2, false);

    Rows.Pass pass = rows.pass(new SplittableRandom(1), 16);

    float[] weights = new float[2];
    for (int i = 0; i < pass.order().length; i++) {
      weights[pass.order()[i]] += pass.weights()[i];
    }
    assertThat(pass.order()).hasSize(7 + 1);
    assertThat(weights[0] / weights[1]).isCloseTo(100, within(1e-3f));
    assertThat(weights[0] + weights[1]).isCloseTo(8, within(1e-5f));
  }
}
