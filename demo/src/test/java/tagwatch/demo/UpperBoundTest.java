// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against tables of the exact limits. */
class UpperBoundTest {
  @Test
  void shouldGiveThreeWhereNothingWasSeen() {
    assertThat(UpperBound.ofCount(0)).isCloseTo(2.99573, within(1e-4));
    assertThat(UpperBound.ofShare(0, 100_000) * 1e5).isCloseTo(2.9957, within(1e-3));
  }

  @Test
  void shouldGiveTheExactLimitsWhereSomethingWas() {
    assertThat(UpperBound.ofCount(1)).isCloseTo(4.74386, within(1e-4));
    assertThat(UpperBound.ofCount(10)).isCloseTo(16.96222, within(1e-4));
    assertThat(UpperBound.ofShare(1, 10)).isCloseTo(0.39416, within(1e-4));
    assertThat(UpperBound.ofShare(10, 10)).isEqualTo(1);
  }
}
