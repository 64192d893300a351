// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

@Timeout(60)
class OverflowTest {
  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("overflow", 41006).ring(1 << 14);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  @Test
  void shouldCountWhatTheRingDropsAndRecoverItsEndFromTheImage() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Process process = bench.start(program, "before");
    Workbench.line(process);
    Workbench.await(
        () -> source.counters().get(TransportCounter.LOST) > 300, "the full ring drops events");
    assertThat(source.verdictsInForce()).isEmpty();
    bench.drain(watched, () -> !watched.tasks.isEmpty(), "what the ring holds");
    Watched.Task thread = watched.find(task -> !task.start.process().equals(task.start.task()));
    long last = thread.events.get(thread.events.size() - 1).sequence();

    long lostBefore = source.counters().get(TransportCounter.LOST);
    long[] recovered = new long[1];
    int shown =
        source.image(
            thread.start.task(),
            (id, sequence, time, features, offset, length) -> {
              boolean missing = sequence > last && recovered[0] < 10;
              recovered[0] += missing ? 1 : 0;
              return missing;
            });
    assertThat(shown).isBetween(1, Layout.RING_SLOTS);
    assertThat(recovered[0]).isEqualTo(10);
    assertThat(source.counters().get(TransportCounter.RECOVERED)).isEqualTo(10);
    assertThat(source.counters().get(TransportCounter.LOST)).isLessThanOrEqualTo(lostBefore + 1000);
    Workbench.go(process);
    bench.drain(watched, watched::allExited, "the end");
    assertThat(source.counters().get(TransportCounter.EMITTED))
        .isEqualTo(watched.accepted + 10 + source.counters().get(TransportCounter.LOST));
  }

  /*
   * spawn ── child, child, ...      their fork and exit records find no room
   */
  @Test
  void shouldEndSessionsWhoseExitRecordWasLost() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Process process = bench.start(program, "spawn", 500);
    Workbench.line(process);
    bench.drain(watched, () -> !watched.tasks.isEmpty(), "the start");
    Workbench.go(process);
    Workbench.line(process);
    bench.drain(
        watched,
        () -> watched.tasks.stream().filter(task -> !task.exited()).count() == 1,
        "only spawn itself is left");
    assertThat(source.counters().get(TransportCounter.LOST)).isPositive();
    assertThat(source.counters().get(TransportCounter.EMITTED))
        .isEqualTo(watched.accepted + source.counters().get(TransportCounter.LOST));
  }
}
