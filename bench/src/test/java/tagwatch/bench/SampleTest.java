// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void shouldTakeMiddleOfOddSizeAndMeanOfMiddleTwoOfEvenSize() {
    assertThat(Sample.of(9, 1, 5).median()).isEqualTo(5);
    assertThat(Sample.of(9, 1, 5, 7).median()).isEqualTo(6);
  }

  @Test
  void shouldTakePercentilesByNearestRank() {
    Sample hundred = Sample.of(IntStream.rangeClosed(1, 100).boxed().toList());

    assertThat(hundred.percentile(0.5)).isEqualTo(50);
    assertThat(hundred.percentile(0.99)).isEqualTo(99);
    assertThat(hundred.percentile(0.995)).isEqualTo(100);
    assertThat(Sample.of(3, 1, 2).percentile(0.99)).isEqualTo(3);
    assertThat(Sample.of(3, 1, 2).percentile(0)).isEqualTo(1);
  }

  @Test
  void shouldTellWholeSpread() {
    Sample sample = Sample.of(4, -2, 8);

    assertThat(sample.lowest()).isEqualTo(-2);
    assertThat(sample.highest()).isEqualTo(8);
    assertThat(sample.size()).isEqualTo(3);
  }

  @Test
  void shouldCompareEachPairWithItself() {
    // the machine became half as fast between the pairs; what is watched costs 5 % all the same
    Sample costs = Sample.costs(List.of(1000.0, 500.0, 800.0), List.of(950.0, 475.0, 760.0));

    assertThat(costs.lowest()).isCloseTo(5, within(1e-9));
    assertThat(costs.highest()).isCloseTo(5, within(1e-9));
  }

  @Test
  void shouldGiveNegativeCostIfFasterAfterwards() {
    assertThat(Sample.costs(List.of(100.0), List.of(103.0)).median()).isCloseTo(-3, within(1e-9));
  }

  @Test
  void shouldRefuseHalfPairsAndEmptySamples() {
    assertThatThrownBy(() -> Sample.costs(List.of(1.0, 2.0), List.of(1.0)))
        .hasMessage("half a pair: 2 before, 1 after");
    assertThatThrownBy(() -> Sample.of()).hasMessageContaining("nothing was measured");
  }
}
