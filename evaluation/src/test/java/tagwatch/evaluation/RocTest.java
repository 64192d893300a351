// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RocTest {
  private static Labelled labelled(double[] normal, double[] attack) {
    return new Labelled(
        normal,
        IntStream.range(0, normal.length).toArray(),
        attack,
        IntStream.range(0, attack.length).toArray());
  }

  private static Roc roc(double[] normal, double[] attack) {
    Labelled labelled = labelled(normal, attack);
    int[] once = new int[labelled.size()];
    Arrays.fill(once, 1);
    return new Roc(labelled, once);
  }

  @Test
  void shouldCountPairsInTheRightOrderAndHalfOfTheTies() {
    // of nine pairs six are right, two tied, one wrong
    assertThat(roc(new double[] {1, 2, 3}, new double[] {2, 3, 4}).auc())
        .isCloseTo((6 + 2 / 2.0) / 9, within(1e-12));
  }

  @Test
  void shouldNotSeparateEqualValues() {
    Roc roc = roc(new double[] {0, 0, 0, 5}, new double[] {5, 5, 0, 0});

    assertThat(roc.tprAt(0.2)).isZero();
    assertThat(roc.tprAt(0.25)).isEqualTo(0.5);
    assertThat(roc.fprAt(0.6)).isEqualTo(1);
    assertThat(roc.points()).hasSize(3);
  }

  @Test
  void shouldTakeAThresholdStrictly() {
    Roc roc = roc(new double[] {1, 2, 3, 4}, new double[] {3, 4, 5});

    assertThat(roc.fprAbove(3)).isEqualTo(0.25);
    assertThat(roc.tprAbove(3)).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(roc.fprAbove(9)).isZero();
    assertThat(roc.fprAbove(0)).isEqualTo(1);
  }

  @Test
  void shouldGiveAnIntervalAroundWhatWasMeasured() {
    double[] normal = IntStream.range(0, 200).mapToDouble(i -> i % 50).toArray();
    double[] attack = IntStream.range(0, 60).mapToDouble(i -> 30 + i % 40).toArray();

    Quality quality = Quality.of(labelled(normal, attack), 40, 0.05, 0.1);

    assertThat(quality.auc()).isBetween(quality.aucInterval().get(0), quality.aucInterval().get(1));
    assertThat(quality.aucInterval().get(1) - quality.aucInterval().get(0)).isBetween(0.01, 0.2);
    assertThat(quality.realisedFpr()).isEqualTo(0.18);
    assertThat(quality.tprAtFpr()).containsOnlyKeys("1", "5", "10", "15");
  }
}
