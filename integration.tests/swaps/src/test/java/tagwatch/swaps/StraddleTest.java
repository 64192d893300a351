// SPDX-License-Identifier: Apache-2.0
package tagwatch.swaps;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tagwatch.swap.load.Straddle;

/** No attack slips through the seam between two scorers, wherever the seam lies. */
class StraddleTest {
  private static final int TAG = 13107;
  private static final Path RECORDINGS =
      Path.of(Framework.CONTEXT.getProperty("tagwatch.workspace"), "demo", "recordings");

  @Test
  void shouldCatchTheAttackWhereverASwapCutsIt() throws Exception {
    Straddle straddle =
        new Straddle(
            TAG, RECORDINGS.resolve("training-13107.twr"), RECORDINGS.resolve("attack-13107.twr"));

    Straddle.Result result = straddle.run(Framework.surroundings(), 1, System.out::println);

    System.out.println(result);
    assertThat(result.alarms()).isPositive();
    assertThat(result.missed()).isEmpty();
    assertThat(result.caught()).isEqualTo(result.cuts());
    assertThat(result.cuts()).isGreaterThan(800);
  }
}
