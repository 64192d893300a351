// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  @Test
  void shouldTakeTheNearestRank() {
    List<Integer> hundred = IntStream.rangeClosed(1, 100).map(i -> 101 - i).boxed().toList();
    assertThat(Percentiles.of(hundred)).isEqualTo(new Percentiles(50.0, 99.0));
    assertThat(Percentiles.of(List.of(3, 1, 2))).isEqualTo(new Percentiles(2.0, 3.0));
    assertThat(Percentiles.of(List.of(7L))).isEqualTo(new Percentiles(7.0, 7.0));
  }

  @Test
  void shouldBeEmptyWhenNothingWasMeasured() {
    assertThat(Percentiles.of(List.of())).isEqualTo(new Percentiles(null, null));
  }
}
