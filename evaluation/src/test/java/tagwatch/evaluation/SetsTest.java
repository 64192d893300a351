// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import tagwatch.recording.TraceFile.Trace;

final class SetsTest {
  private static Trace trace(int... ids) {
    return new Trace("trace", ids);
  }

  @Test
  void shouldMeasureTheDistanceToTheNearestRepertoire() {
    Repertoire repertoire = Repertoire.of(List.of(trace(1, 2, 3, 1), trace(7, 8)));

    assertThat(repertoire.distance(trace(3, 2, 2, 1))).isZero();
    assertThat(repertoire.distance(trace(1, 2, 7, 8))).isCloseTo(0.5, within(1e-12));
    assertThat(repertoire.distance(trace(99))).isEqualTo(1);
    assertThat(repertoire.distance(trace())).isEqualTo(1);
    assertThat(repertoire.distance(trace(Integer.MAX_VALUE))).isEqualTo(1);
  }

  @Test
  void shouldFindWindowsThatTrainingDidNotShow() {
    Stide stide = new Stide(2, List.of(trace(1, 2, 3)));

    assertThat(stide.unseen(trace(1, 2, 3, 1, 2))).isCloseTo(0.25, within(1e-12));
    assertThat(stide.alarmAt(trace(1, 2, 3, 1, 2), 20, 0)).hasValue(4);
    assertThat(stide.alarmAt(trace(1, 2, 3, 1, 2), 20, 1)).isEmpty();
    assertThat(stide.unseen(trace(1))).isZero();
  }

  @Test
  void shouldForgetUnseenWindowsThatLeftTheFrame() {
    Stide calls = new Stide(1, List.of(trace(1)));

    assertThat(calls.mostUnseen(trace(9, 1, 1, 9, 9, 1), 3)).isEqualTo(2);
  }

  @Test
  void shouldRemoveCopiesOfTheTrainingAndOfEachOther() {
    assertThat(Copies.removed(List.of(trace(1), trace(2), trace(2), trace(3)), List.of(trace(3))))
        .hasSize(2);
  }
}
