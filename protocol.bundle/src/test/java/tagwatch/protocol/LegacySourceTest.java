// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.netlink.NetlinkChannels;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportCounter;

/** The agent against a process that speaks as the kernel side of 2020 does. */
@Timeout(60)
class LegacySourceTest {
  private static final int TAG = 13107;

  @TempDir private Path folder;
  private KernelSide kernel;
  private final Witness witness = new Witness();
  private final List<Process> children = new ArrayList<>();
  private EventSource source;
  private Path modeSwitch;

  @BeforeEach
  void prepare() throws Exception {
    kernel = new KernelSide(folder, "kernelside2020");
    modeSwitch = Files.createFile(folder.resolve("mode_ctl"));
  }

  @AfterEach
  void cleanUp() throws Exception {
    if (source != null) {
      source.close();
    }
    children.forEach(Process::destroyForcibly);
    kernel.close();
  }

  private void open(Mode mode) throws Exception {
    source =
        LegacySource.open(
            new NetlinkChannels(),
            kernel.settings(),
            new Subscription(Set.of(TAG), mode),
            new LegacyMode(modeSwitch));
    source.poll(witness, 100);
  }

  private int child() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    children.add(child);
    return (int) child.pid();
  }

  private int seen(int which) {
    return Integer.parseInt(kernel.tell("seen").split(" ", -1)[which]);
  }

  @Test
  void shouldRegisterAndKeepAliveOftenEnough() throws Exception {
    open(Mode.SNAPSHOT);
    assertThat(seen(0)).isEqualTo(1);
    long begin = System.nanoTime();
    while (seen(1) < 4) {
      Thread.sleep(20);
    }
    // three within the 2.5 s after which a registration may expire
    assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
  }

  @Test
  void shouldDeliverEveryUnseenHookOfAnImageOnce() throws Exception {
    open(Mode.SNAPSHOT);
    int pid = child();
    kernel.tell("add " + pid);
    List<Integer> expected = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      kernel.tell("events " + pid + " 37 0");
      for (int i = 0; i < 37; i++) {
        expected.add(3 + (expected.size() + 1) % 199);
      }
      int size = expected.size();
      witness.drain(
          source,
          () -> witness.of(pid) != null && witness.of(pid).hooks.size() >= size,
          "round " + round);
    }
    assertThat(witness.of(pid).hooks).isEqualTo(expected);
    assertThat(witness.of(pid).start.executable().path()).endsWith("sleep");
    assertThat(source.counters())
        .containsEntry(TransportCounter.LOST, 0L)
        .containsEntry(TransportCounter.UNCOVERED, 0L);
    kernel.tell("delete " + pid);
    witness.drain(source, () -> witness.exited(pid), "the end");
  }

  @Test
  void shouldTellOfAGapWhenNothingIsLeftOfTheImageBefore() throws Exception {
    open(Mode.SNAPSHOT);
    int pid = child();
    kernel.tell("add " + pid);
    kernel.tell("events " + pid + " 128 50");
    witness.drain(
        source, () -> witness.of(pid) != null && witness.of(pid).hooks.size() == 128, "128");
    kernel.tell("events " + pid + " 500 60");
    witness.drain(source, () -> witness.of(pid).hooks.size() == 256, "128 more");
    assertThat(witness.of(pid).gaps).isEqualTo(1);
    assertThat(source.counters()).containsEntry(TransportCounter.UNCOVERED, 1L);
  }

  /** The reply says whose image it is; the request does not. */
  @Test
  void shouldGiveAnImageToTheProcessThatTheReplyNames() throws Exception {
    open(Mode.SNAPSHOT);
    int asked = child();
    int running = child();
    kernel.tell("next " + running);
    kernel.tell("add " + asked);
    kernel.tell("events " + asked + " 5 50");
    kernel.tell("events " + running + " 7 60");
    witness.drain(source, () -> witness.of(running) != null, "the running one");
    assertThat(witness.of(running).hooks).containsOnly(60).hasSize(7);
    assertThat(witness.of(asked).hooks).isEmpty();
  }

  @Test
  void shouldEndASessionWhoseNoticeWasLost() throws Exception {
    open(Mode.SNAPSHOT);
    int pid = child();
    kernel.tell("add " + pid);
    witness.drain(source, () -> witness.of(pid) != null, "the start");
    children.get(0).destroyForcibly().waitFor();
    witness.drain(source, () -> witness.exited(pid), "the end");
  }

  @Test
  void shouldDeliverLiveRecordsWithTheirFeatures() throws Exception {
    open(Mode.LIVE);
    int pid = child();
    kernel.tell("live " + pid + " 50");
    kernel.tell("live " + pid + " 51");
    if (pid > 0xffff) {
      // a pid that does not fit is known only by its notice
      return;
    }
    witness.drain(source, () -> witness.accepted == 2, "two events");
    assertThat(witness.of(pid).hooks).containsExactly(50, 51);
    assertThat(witness.of(pid).features).containsExactly(7, 8, 7, 8);
  }

  @Test
  void shouldToggleTheModeOnceWhenTheOtherOneComes() throws Exception {
    open(Mode.LIVE);
    int pid = child();
    kernel.tell("add " + pid);
    kernel.tell("add " + pid);
    witness.drain(source, () -> witness.of(pid) != null, "the process");
    assertThat(modeSwitch).hasContent("1");
  }

  @Test
  void shouldBlockExactlyTheProcessThatWasMeant() throws Exception {
    open(Mode.SNAPSHOT);
    int pid = child();
    kernel.tell("add " + pid);
    witness.drain(source, () -> witness.of(pid) != null, "the process");
    TaskKey task = witness.of(pid).start.task();
    Verdict kill = new Verdict(Verdict.Kind.KILL, Verdict.Scope.PROCESS);

    // the pid is the same, the process is not: it was reused
    TaskKey former = new TaskKey(pid, task.startTimeNs() - 10_000_000);
    assertThat(source.enforce(former, kill).outcome()).isEqualTo(Outcome.GONE);
    assertThat(seen(2)).isZero();
    assertThat(source.enforce(task, kill).outcome()).isEqualTo(Outcome.DONE);
    assertThat(seen(2)).isEqualTo(pid);
    assertThat(source.verdictsInForce()).hasSize(1);
    assertThat(source.enforce(new TaskKey(1, 0), kill).outcome()).isEqualTo(Outcome.REFUSED);
    Verdict deny = new Verdict(Verdict.Kind.DENY, Verdict.Scope.PROCESS);
    assertThat(source.enforce(task, deny).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(source.release(task).outcome()).isEqualTo(Outcome.REFUSED);
  }
}
