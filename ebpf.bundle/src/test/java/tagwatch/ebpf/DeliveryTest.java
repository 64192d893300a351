// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

@Timeout(60)
class DeliveryTest {
  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("delivery", 41001);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  @Test
  void shouldDeliverEveryCallOfATaggedProgram() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Process process = bench.start(program, "calls", 1000);
    bench.drain(watched, () -> watched.exited(process.pid()), "the end of calls");

    Watched.Task task = watched.process(process.pid());
    assertThat(task.start.origin()).isEqualTo(Origin.EXECUTED);
    assertThat(task.start.executable().path()).isEqualTo(program.toString());
    assertThat(task.start.executable().buildId()).isNotEmpty();
    assertThat(task.of(Workbench.id("x86_64/getppid"))).hasSize(1000);
    assertThat(task.events.get(0).id()).isEqualTo(Workbench.id("task/exec"));
    assertThat(task.events.get(0).sequence()).isEqualTo(1);
    assertThat(task.contiguous()).isTrue();
    Map<TransportCounter, Long> counters = source.counters();
    assertThat(counters).containsEntry(TransportCounter.EMITTED, watched.accepted);
    assertThat(counters).containsEntry(TransportCounter.LOST, 0L);
    assertThat(counters).containsEntry(TransportCounter.TASKS, 1L);
  }

  @Test
  void shouldNotSeeUntaggedPrograms() throws Exception {
    Path tagged = bench.tagged();
    Path untagged = bench.untagged();
    bench.open(tagged);
    bench.start(untagged, "calls", 1000).waitFor();
    Process process = bench.start(tagged, "calls", 1);
    bench.drain(watched, () -> watched.exited(process.pid()), "the end of calls");
    assertThat(watched.tasks).hasSize(1);
  }

  @Test
  void shouldWakeASleepingAgentAtTheFirstEvent() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Process process = bench.start(program, "blocked");
    bench.drain(watched, () -> watched.process(process.pid()) != null, "the start");
    Workbench.line(process);
    bench.drain(watched, () -> true, "quiet");
    Thread go =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
                Workbench.go(process);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    long begin = System.nanoTime();
    go.start();
    while (source.poll(watched, 100) == 0) {
      source.awaitEvents(900_000_000L);
    }
    assertThat(System.nanoTime() - begin).isLessThan(500_000_000L);
    go.join();
  }

  @Test
  void shouldCountAsLostWhatTheSinkRefusesUntilAnImageBringsIt() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Process process = bench.start(program, "blocked");
    watched.full = true;
    Workbench.line(process);
    Workbench.awaitSleep(process);
    bench.drain(watched, () -> watched.process(process.pid()) != null, "the start");
    long refused = source.counters().get(TransportCounter.LOST);
    assertThat(refused).isEqualTo(source.counters().get(TransportCounter.EMITTED)).isPositive();

    int shown =
        source.image(
            watched.process(process.pid()).start.task(),
            (id, sequence, time, features, offset, length) -> true);
    assertThat((long) shown).isEqualTo(refused);
    assertThat(source.counters())
        .containsEntry(TransportCounter.LOST, 0L)
        .containsEntry(TransportCounter.RECOVERED, refused);
  }
}
