// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;

class BaselinesTest {
  private static RecordedTask task(String program, int... ids) {
    TaskKey key = new TaskKey(7, 1);
    TaskStart start =
        new TaskStart(
            key,
            key,
            Optional.empty(),
            1,
            new Executable(program, ""),
            0,
            TaskStart.Origin.EXECUTED);
    return new RecordedTask(
        start, IntStream.of(ids).boxed().toList(), List.of(new RecordedTask.Exec(program, 0)));
  }

  private final Baselines baselines =
      new Baselines(List.of(task("/bin/a", 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7)));

  @Test
  void shouldCatchWhatTrainingNeverShowedEachInItsWay() {
    baselines.calibrate(List.of(), 0);

    assertThat(baselines.alarmsAt(Baselines.UNSEEN_CALLS, List.of(task("/bin/a", 1, 2, 9))))
        .containsExactly(3L);
    assertThat(baselines.alarmsAt(Baselines.EXEC_LIST, List.of(task("/bin/b", 1)))).hasSize(1);
    assertThat(baselines.alarmsAt(Baselines.STIDE, List.of(task("/bin/a", 7, 6, 5, 4, 3, 2))))
        .containsExactly(6L);
    assertThat(baselines.alarms(List.of(task("/bin/a", 1, 2, 3, 4, 5, 6)))).containsValue(0L);
  }

  @Test
  void shouldTolerateAsManyUnseenWindowsAsBenignTrafficHas() {
    RecordedTask benign = task("/bin/a", 1, 2, 3, 4, 5, 6, 6, 1);

    baselines.calibrate(List.of(benign), 0);

    assertThat(baselines.limit()).isEqualTo(2);
    assertThat(baselines.alarms(List.of(benign)).get(Baselines.STIDE)).isZero();
  }
}
