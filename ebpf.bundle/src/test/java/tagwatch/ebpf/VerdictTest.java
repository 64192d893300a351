// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.event.Verdict.Kind;
import tagwatch.event.Verdict.Scope;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

@Timeout(60)
class VerdictTest {
  private static final Verdict KILL_TREE = new Verdict(Kind.KILL, Scope.SUBTREE);
  private static final Verdict SUSPEND = new Verdict(Kind.SUSPEND, Scope.PROCESS);

  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("verdict", 41004);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  private Process start(String what) throws Exception {
    Path program = bench.tagged();
    bench.open(program);
    Process process = bench.start(program, what);
    Workbench.line(process);
    bench.drain(watched, () -> watched.process(process.pid()) != null, "the start");
    return process;
  }

  private TaskKey key(Process process) {
    return watched.process(process.pid()).start.task();
  }

  /*
   * busy ── child in a loop       the verdict is on busy
   */
  @Test
  void shouldKillTheWholeTree() throws Exception {
    Process process = start("busy");
    assertThat(bench.source().enforce(key(process), KILL_TREE).outcome()).isEqualTo(Outcome.DONE);
    bench.drain(watched, () -> watched.tasks.size() == 2 && watched.allExited(), "both dead");
    assertThat(process.waitFor()).isEqualTo(128 + LibC.SIGKILL);
    assertThat(bench.source().verdictsInForce()).isEmpty();
  }

  @Test
  void shouldCloseTheGateWhenTheLastProcessUnderAVerdictHasEnded() throws Exception {
    Process process = start("busy");
    bench.source().enforce(key(process), KILL_TREE);
    bench.drain(watched, watched::allExited, "both dead");
    try (KernelPart kernel = KernelPart.pinned(new Pins(bench.pins()))) {
      assertThat(kernel.control().value(Layout.CONTROL_VERDICTS)).isEqualTo(1);
      bench.source().awaitEvents(1);
      assertThat(kernel.control().value(Layout.CONTROL_VERDICTS)).isZero();
    }
  }

  /*
   * busy ── child in a loop       the verdict is on busy alone
   */
  @Test
  void shouldSpareTheChildIfTheVerdictIsOnTheProcess() throws Exception {
    Process process = start("busy");
    EventSource source = bench.source();
    source.enforce(key(process), new Verdict(Kind.KILL, Scope.PROCESS));
    bench.drain(watched, () -> watched.exited(process.pid()), "the parent dead");
    Watched.Task child = watched.find(task -> task.start.parent().isPresent());
    int before = child.events.size();
    bench.drain(watched, () -> child.events.size() > before + 10, "the child goes on");
    source.enforce(child.start.task(), KILL_TREE);
    bench.drain(watched, child::exited, "the child dead");
  }

  /** Without a signal: only what the kernel holds kills it. */
  @Test
  void shouldKillAtTheNextCallByTheKernelAlone() throws Exception {
    Process process = start("blocked");
    EventSource source = bench.source();
    assertThat(source.enforce(key(process), SUSPEND).outcome()).isEqualTo(Outcome.DONE);
    Workbench.letGo(key(process));
    Workbench.goIfAlive(process);
    bench.drain(watched, () -> watched.exited(process.pid()), "its death");
    assertThat(process.waitFor()).isEqualTo(128 + LibC.SIGKILL);
    assertThat(source.counters().get(TransportCounter.VERDICT_HITS)).isPositive();
  }

  @Test
  void shouldLetASuspendedProcessGoOnAfterItsRelease() throws Exception {
    Process process = start("blocked");
    EventSource source = bench.source();
    assertThat(source.enforce(key(process), SUSPEND).outcome()).isEqualTo(Outcome.DONE);
    assertThat(source.verdictsInForce())
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.process()).isEqualTo(key(process));
              assertThat(verdict.verdict()).isEqualTo(SUSPEND);
              assertThat(verdict.sinceNs()).isPositive();
            });
    Workbench.go(process);
    Thread.sleep(50);
    assertThat(process.isAlive()).isTrue();
    assertThat(source.release(key(process)).outcome()).isEqualTo(Outcome.DONE);
    assertThat(Workbench.line(process)).isEqualTo("went on");
    assertThat(process.waitFor()).isZero();
    assertThat(source.verdictsInForce()).isEmpty();
  }

  @Test
  void shouldSuspendAProcessThatMakesCalls() throws Exception {
    Process process = start("busy");
    EventSource source = bench.source();
    Verdict tree = new Verdict(Kind.SUSPEND, Scope.SUBTREE);
    assertThat(source.enforce(key(process), tree).outcome()).isEqualTo(Outcome.DONE);
    bench.drain(watched, () -> true, "quiet");
    long before = source.counters().get(TransportCounter.EMITTED);
    Thread.sleep(50);
    assertThat(source.counters().get(TransportCounter.EMITTED)).isEqualTo(before);
    assertThat(source.verdictsInForce()).hasSize(2);
    assertThat(source.release(key(process)).outcome()).isEqualTo(Outcome.DONE);
    bench.drain(
        watched,
        () -> source.counters().get(TransportCounter.EMITTED) > before + 100,
        "it goes on");
    assertThat(process.isAlive()).isTrue();
    assertThat(source.verdictsInForce()).isEmpty();
  }

  @Test
  void shouldKeepTheVerdictAfterTheSourceIsClosed() throws Exception {
    Process process = start("blocked");
    assertThat(bench.source().enforce(key(process), SUSPEND).outcome()).isEqualTo(Outcome.DONE);
    bench.source().close();
    assertThat(new Remains(bench.settings()).verdicts()).hasSize(1);
    Workbench.letGo(key(process));
    Workbench.goIfAlive(process);
    assertThat(process.waitFor()).isEqualTo(128 + LibC.SIGKILL);
  }

  @Test
  void shouldKillWhateverCarriesTheTag() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Process first = bench.start(program, "blocked");
    Process second = bench.start(program, "blocked");
    bench.drain(watched, () -> watched.tasks.size() == 2, "both");
    TaskKey task = key(first);
    source.enforce(task, new Verdict(Kind.KILL, Scope.TAG));
    bench.drain(watched, watched::allExited, "both dead");
    Process late = bench.start(program, "blocked");
    assertThat(late.waitFor()).isEqualTo(128 + LibC.SIGKILL);
    assertThat(second.waitFor()).isEqualTo(128 + LibC.SIGKILL);
  }

  @Test
  void shouldRefuseWhatItMustNotOrCannotDo() throws Exception {
    Process process = start("blocked");
    EventSource source = bench.source();
    Verdicts verdicts;
    try (KernelPart kernel = KernelPart.pinned(new Pins(bench.pins()))) {
      verdicts = new Verdicts(kernel);
      TaskKey init = new TaskKey(1, 0);
      TaskKey agent = new TaskKey((int) ProcessHandle.current().pid(), 1);
      assertThat(verdicts.enforce(init, 0, KILL_TREE).outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(verdicts.enforce(agent, 0, KILL_TREE).outcome()).isEqualTo(Outcome.REFUSED);
    }
    Verdict deny = new Verdict(Kind.DENY, Scope.PROCESS);
    assertThat(source.enforce(key(process), deny).outcome()).isEqualTo(Outcome.REFUSED);
    TaskKey nobody = new TaskKey(key(process).threadId(), key(process).startTimeNs() + 1);
    assertThat(source.enforce(nobody, KILL_TREE).outcome()).isEqualTo(Outcome.GONE);
    assertThat(process.isAlive()).isTrue();
  }
}
