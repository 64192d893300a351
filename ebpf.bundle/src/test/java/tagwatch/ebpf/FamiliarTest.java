// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

@Timeout(60)
class FamiliarTest {
  private static final int GETPPID = Workbench.id("x86_64/getppid");
  private static final int SLEEP = Workbench.id("x86_64/clock_nanosleep");
  private static final long LONG_NS = TimeUnit.MILLISECONDS.toNanos(300);

  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void startAProgramThatRepeatsTwoCalls() throws Exception {
    bench = new Workbench("familiar", 41009);
    var program = bench.tagged();
    bench.open(program);
    Process process = bench.start(program, "busy");
    Workbench.line(process);
    bench.drain(watched, () -> watched.tasks.size() == 2, "the start");
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  @Test
  void shouldWakeForWhatItWasNotToldOf() {
    assertThat(bench.source().awaitUnfamiliar(LONG_NS)).isTrue();
  }

  @Test
  void shouldSleepOnWhileOnlyFamiliarCallsCome() {
    EventSource source = bench.source();
    source.familiar(bench.tag(), GETPPID, SLEEP);
    source.familiar(bench.tag(), SLEEP, GETPPID);
    // a program of which nobody knows yet whether it has a tag wakes too, whoever starts it
    Workbench.await(
        () -> {
          bench.drain(watched, () -> true, "quiet");
          long before = source.counters().get(TransportCounter.EMITTED);
          return !source.awaitUnfamiliar(LONG_NS)
              && source.counters().get(TransportCounter.EMITTED) > before + 10;
        },
        "a sleep over familiar calls");
    assertThat(source.counters().get(TransportCounter.LOST)).isZero();
  }

  @Test
  void shouldNotTakeAnotherTagsHabitForThisOne() {
    bench.source().familiar(bench.tag() + 1, GETPPID, SLEEP);
    bench.source().familiar(bench.tag() + 1, SLEEP, GETPPID);
    assertThat(bench.source().awaitUnfamiliar(LONG_NS)).isTrue();
  }
}
