// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportCounter;

@Timeout(60)
class SnapshotTest {
  private static final int GETPPID = Workbench.id("x86_64/getppid");

  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("snapshot", 41005);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  /*
   * spawn ── child, child, ...      each shorter than the interval between two fetches
   */
  @Test
  void shouldDeliverShortTasksFromTheirLastImage() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(Mode.SNAPSHOT, program);
    Process process = bench.start(program, "spawn", 20);
    Workbench.line(process);
    Workbench.go(process);
    Workbench.line(process);
    Workbench.go(process);
    bench.drain(watched, () -> watched.exited(process.pid()), "the end");

    assertThat(watched.tasks).hasSize(21);
    for (Watched.Task task : watched.tasks) {
      if (task.start.origin() == Origin.FORKED) {
        assertThat(task.of(GETPPID)).hasSize(10);
        assertThat(task.events.get(0).id()).isEqualTo(Workbench.id("task/fork"));
        assertThat(task.contiguous()).isTrue();
        assertThat(task.exited()).isTrue();
      }
    }
    assertIdentity(source);
  }

  @Test
  void shouldCountWhatWasOverwrittenBeforeItWasFetched() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(Mode.SNAPSHOT, program);
    Process process = bench.start(program, "calls", 100_000);
    bench.drain(watched, () -> watched.exited(process.pid()), "the end");

    assertThat(source.counters().get(TransportCounter.EMITTED)).isGreaterThan(100_000);
    assertThat(source.counters().get(TransportCounter.UNCOVERED)).isPositive();
    assertIdentity(source);
    Watched.Task task = watched.process(process.pid());
    assertThat(task.events.get(task.events.size() - 1).id()).isEqualTo(Workbench.id("task/exit"));
    assertThat(task.lastSequence)
        .isEqualTo(source.counters().get(TransportCounter.EMITTED).longValue());
  }

  /*
   * blocked      watched live, then by snapshots, then live again, on the same pins
   */
  @Test
  void shouldKeepTheAccountsEvenOverAChangeOfMode() throws Exception {
    Path program = bench.tagged();
    EventSource live = bench.open(program);
    Process process = bench.start(program, "before");
    bench.drain(watched, () -> watched.tasks.size() == 3, "three tasks");
    String domain = live.sequenceDomain();
    live.close();

    Watched second = new Watched();
    EventSource snapshots = bench.open(Mode.SNAPSHOT, program);
    assertThat(snapshots.sequenceDomain()).isEqualTo(domain);
    bench.drain(second, () -> second.accepted > 100, "some snapshots");
    assertThat(second.tasks).hasSize(3).allMatch(task -> task.start.origin() == Origin.RESUMED);
    snapshots.close();

    Watched third = new Watched();
    EventSource again = bench.open(program);
    Workbench.go(process);
    bench.drain(third, () -> third.tasks.size() == 3 && third.allExited(), "the end");
    assertThat(third.process(process.pid()).of(GETPPID)).hasSize(50);
    assertThat(again.counters())
        .containsEntry(TransportCounter.EMITTED, third.accepted)
        .containsEntry(TransportCounter.LOST, 0L);
  }

  private void assertIdentity(EventSource source) {
    assertThat(source.counters().get(TransportCounter.EMITTED))
        .isEqualTo(
            watched.accepted
                + source.counters().get(TransportCounter.LOST)
                + source.counters().get(TransportCounter.UNCOVERED));
  }
}
