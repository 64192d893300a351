// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tagwatch.recording.TraceFile.Trace;

final class CalibrationTest {
  private static List<Trace> traces(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Trace("t" + i, new int[] {i, i + 1}))
        .toList();
  }

  @Test
  void shouldKeepThePromiseInTheWorstBlock() {
    Blocks blocks = new Blocks(traces(20), 2);
    double[] values = IntStream.range(0, 20).mapToDouble(i -> i < 10 ? i : 100 + i).toArray();

    Calibration calibration = new Calibration(values, blocks);

    // one of the ten in the second block may exceed it, none of the first comes near
    assertThat(calibration.threshold(0.1)).isEqualTo(118);
    assertThat(calibration.exceeding(118)).isEqualTo(0.05);
  }

  @Test
  void shouldNeverCallAnythingImpossible() {
    Calibration calibration = new Calibration(new double[] {1, 2, 3}, new Blocks(traces(3), 3));

    assertThat(calibration.probability(99)).isEqualTo(0.25);
    assertThat(calibration.probability(3)).isEqualTo(0.5);
    assertThat(calibration.probability(0)).isEqualTo(1);
  }

  @Test
  void shouldLeaveCopiesOutTogether() {
    Trace twin = new Trace("twin", new int[] {7, 7});
    List<Trace> training =
        List.of(twin, new Trace("a", new int[] {1}), new Trace("b", new int[] {2}), twin);

    Blocks blocks = new Blocks(training, 2);

    assertThat(blocks.blockOf(0)).isEqualTo(blocks.blockOf(3));
    assertThat(blocks.without(0)).extracting(Trace::name).containsExactly("b");
  }
}
