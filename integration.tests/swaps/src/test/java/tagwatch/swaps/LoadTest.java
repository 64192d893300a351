// SPDX-License-Identifier: Apache-2.0
package tagwatch.swaps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tagwatch.player.Accounting;
import tagwatch.player.UnknownReason;
import tagwatch.swap.load.Load;
import tagwatch.swap.load.LoadFigures;

/**
 * Nothing is lost and nothing is scored twice while everything is swapped under load. The long runs
 * are {@code ./tagwatch bench swap}.
 */
class LoadTest {
  private static final int TAG = 401;

  /**
   * Far below what this carries on a machine of its own: while an engine's bundle is replaced in
   * place, a task's ring must not run over on a busy one.
   */
  private static final int RATE = 20_000;

  private static final Map<String, Integer> SWAPS =
      Map.of("scorer", 40, "model", 20, "policy", 10, "transport", 4);

  @Test
  void shouldLoseNothingAndScoreNothingTwiceWhileEverythingIsSwapped() throws Exception {
    LoadFigures figures =
        new Load(TAG, "replay", "", RATE, 8, SWAPS)
            .run(Framework.surroundings(), System.out::println, () -> {});

    System.out.print(figures.text());
    Accounting accounting = figures.accounting();
    assertThat(figures.swaps()).isEqualTo(SWAPS);
    assertThat(figures.lostBy()).containsEntry("scorer", 0L).containsEntry("model", 0L);
    assertThat(figures.lostBy()).containsEntry("policy", 0L);
    assertThat(figures.emitted()).isEqualTo(figures.accepted() + figures.lost());
    assertThat(figures.accepted()).isEqualTo(accounting.delivered());
    assertThat(accounting.balanced()).isTrue();
    assertThat(accounting.waiting()).isZero();
    assertThat(figures.twice()).isZero();
    assertThat(figures.scoredOnce()).isEqualTo(accounting.scored());
    assertThat(figures.strange()).isZero();
    assertThat(figures.disorder()).isZero();
    assertThat(accounting.unknownTotal())
        .isEqualTo(accounting.unknown().get(UnknownReason.WARM_UP));
    // a swap that stops and starts the same bundle retires no loader
    assertThat(figures.retired()).isGreaterThanOrEqualTo(SWAPS.get("scorer") / 2);
    assertThat(figures.held()).isEmpty();
    assertThat(figures.growth().fds()).isLessThanOrEqualTo(0);
  }
}
