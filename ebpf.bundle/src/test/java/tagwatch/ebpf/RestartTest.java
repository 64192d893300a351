// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.TransportException;
import tagwatch.transport.Unloaded;

@Timeout(60)
class RestartTest {
  private static final int GETPPID = Workbench.id("x86_64/getppid");

  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("restart", 41007);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  private Process agent(Path program) throws Exception {
    return bench.start(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        "-cp",
        System.getProperty("java.class.path"),
        AgentMain.class.getName(),
        bench.pins(),
        bench.tag(),
        program);
  }

  /*
   * spawn (watched by the first agent) ── children, of which some only live in the outage
   */
  @Test
  void shouldGoOnAfterTheAgentWasKilled() throws Exception {
    Path program = bench.tagged();
    Process agent = agent(program);
    Workbench.awaitLine(agent, "ready");
    Process process = bench.start(program, "spawn", 5);
    Workbench.line(process);
    Workbench.awaitLine(agent, "started");
    agent.destroyForcibly().waitFor();
    Workbench.go(process);
    Workbench.line(process);
    Process late = bench.start(program, "before");
    Workbench.line(late);

    EventSource source = bench.open(program);
    bench.drain(watched, () -> watched.tasks.size() >= 9, "the old and the new tasks");
    assertThat(watched.process(process.pid()).start.origin()).isEqualTo(Origin.RESUMED);
    assertThat(watched.process(late.pid()).start.origin()).isEqualTo(Origin.RESUMED);
    assertThat(
            watched.tasks.stream()
                .filter(task -> task.start.origin() == Origin.FORKED)
                .allMatch(task -> task.of(GETPPID).size() == 10 && task.exited()))
        .isTrue();
    Workbench.go(process);
    Workbench.go(late);
    bench.drain(watched, watched::allExited, "the end");
    assertThat(source.counters())
        .containsEntry(TransportCounter.EMITTED, watched.accepted)
        .containsEntry(TransportCounter.LOST, 0L)
        .containsEntry(TransportCounter.OUTAGE_LOST, 0L);
  }

  @Test
  void shouldRefuseASecondAgentAndNameTheFirst() throws Exception {
    Path program = bench.tagged();
    Process agent = agent(program);
    Workbench.awaitLine(agent, "ready");
    assertThatThrownBy(() -> bench.open(program))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("process id " + agent.pid());
    Settings elsewhere = new Settings(1 << 20, bench.pins() + "-2", 20, List.of());
    Subscription sameTag = new Subscription(Set.of(bench.tag()), Mode.LIVE);
    assertThatThrownBy(() -> new EbpfTransport(elsewhere).open(sameTag))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("tag " + bench.tag() + " is held by");
  }

  @Test
  void shouldRefusePinsOfAnotherLayoutUntilTheyAreUnloaded() throws Exception {
    bench.open().close();
    Pins pins = new Pins(bench.pins());
    try (Descriptor map = Descriptor.pinned(pins.of(Pins.CONTROL));
        Mapping page = Mapping.of(map.fd(), 0, Layout.CONTROL_SIZE, true)) {
      page.buffer().putInt(Layout.CONTROL_LAYOUT, 99);
    }
    assertThatThrownBy(() -> bench.open())
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("layout 99")
        .hasMessageContaining("./tagwatch unload");
    Unloaded unloaded = new EbpfTransport(bench.settings()).unload();
    assertThat(unloaded.removed()).isNotEmpty();
    assertThat(unloaded.remarks()).singleElement().asString().contains("99");
    assertThat(pins.directory()).doesNotExist();
    bench.open().close();
  }

  @Test
  void shouldForgetTasksWhoseTagIsNoLongerWatched() throws Exception {
    Path program = bench.tagged();
    EventSource first = bench.open(program);
    Process process = bench.start(program, "before");
    bench.drain(watched, () -> watched.tasks.size() == 3, "three tasks");
    Workbench.line(process);
    first.close();
    Watched second = new Watched();
    EventSource other =
        new EbpfTransport(bench.settings()).open(new Subscription(Set.of(41099), Mode.LIVE));
    try {
      Workbench.go(process);
      process.waitFor();
      while (other.poll(second, 100) > 0) {
        Thread.onSpinWait();
      }
      assertThat(second.tasks).isEmpty();
      assertThat(other.counters()).containsEntry(TransportCounter.EMITTED, 0L);
    } finally {
      other.close();
    }
  }

  @Test
  void shouldSurviveCallsAfterClose() throws Exception {
    EventSource source = bench.open();
    source.close();
    source.close();
    assertThat(source.poll(watched, 10)).isZero();
    source.awaitEvents(1_000_000);
    assertThat(source.counters()).containsEntry(TransportCounter.LOST, 0L);
    assertThat(source.verdictsInForce()).isEmpty();
  }
}
