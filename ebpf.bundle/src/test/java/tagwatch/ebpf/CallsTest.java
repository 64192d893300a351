// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.FeatureType;
import tagwatch.event.HookId;

@Timeout(60)
class CallsTest {
  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("calls", 41003);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  private Watched.Task run(String what) throws Exception {
    Path program = bench.tagged();
    bench.open(program);
    Process process = bench.start(program, what);
    bench.drain(watched, () -> watched.exited(process.pid()), "the end of " + what);
    Workbench.require(process.waitFor() != 3, what);
    return watched.process(process.pid());
  }

  @Test
  void shouldKeepAbisAndUnknownNumbersApart() throws Exception {
    Watched.Task task = run("abis");
    assertThat(task.of(Workbench.id("i386/getpid"))).hasSize(1);
    assertThat(task.of(Workbench.id("x86_64/writev"))).isEmpty();
    assertThat(task.of(HookId.of(1, 0x200))).hasSize(1);
    assertThat(task.of(HookId.of(1, HookId.OUT_OF_RANGE))).hasSize(1);
    assertThat(task.of(Workbench.id("x32/getpid"))).hasSize(1);
  }

  @Test
  void shouldExtractTheFeaturesOfKnownCalls() throws Exception {
    Watched.Task task = run("features");
    List<Watched.Seen> opened = task.of(Workbench.id("x86_64/openat"));
    assertThat(opened)
        .extracting(event -> path(event, 0))
        .containsSubsequence("credentials", "tmp", "relative-parent", "other", "unreadable");
    assertThat(opened)
        .filteredOn(event -> path(event, 0).equals("tmp"))
        .singleElement()
        .satisfies(event -> assertThat(event.features().get(1)).isEqualTo(0x0011));
    assertThat(opened)
        .filteredOn(event -> path(event, 0).equals("credentials"))
        .singleElement()
        .satisfies(event -> assertThat(event.features().get(1)).isEqualTo(0x1000));
    assertThat(path(last(task, "unlink"), 0)).isEqualTo("dev-shm");
    assertThat(path(last(task, "rename"), 0)).isEqualTo("home");
    assertThat(path(last(task, "rename"), 1)).isEqualTo("usr-share");
    assertThat(last(task, "socket").features()).startsWith(2, 1);
    assertThat(last(task, "connect").features().get(0)).isEqualTo(2);
    assertThat(port(last(task, "connect"))).isEqualTo("loopback-user");
    assertThat(port(last(task, "sendto"))).isEqualTo("https");
    assertThat(last(task, "sendto").features().get(2)).isEqualTo(1);
    assertThat(task.of(Workbench.id("x86_64/mmap")))
        .anySatisfy(event -> assertThat(event.features()).startsWith(0x17, 13));
    assertThat(last(task, "kill").features().get(0)).isZero();
    assertThat(last(task, "chmod").features().get(1)).isEqualTo(04755);
    assertThat(FeatureType.UID_CLASS.valueName(last(task, "setuid").features().get(0)))
        .isEqualTo("unchanged");
  }

  private static Watched.Seen last(Watched.Task task, String call) {
    List<Watched.Seen> events = task.of(Workbench.id("x86_64/" + call));
    assertThat(events).describedAs(call).isNotEmpty();
    return events.get(events.size() - 1);
  }

  private static String path(Watched.Seen event, int slot) {
    return FeatureType.PATH_CLASS.valueName(event.features().get(slot));
  }

  private static String port(Watched.Seen event) {
    return FeatureType.PORT_CLASS.valueName(event.features().get(1));
  }

  @Test
  void shouldSeeIoUringRequests() throws Exception {
    Watched.Task task = run("uring");
    assertThat(task.of(Workbench.id("io_uring/nop"))).hasSize(3);
  }

  /*
   * main ── kernel thread that polls the submission queue; main itself makes no call for them
   */
  @Test
  void shouldSeeIoUringRequestsOfThePollingThread() throws Exception {
    Watched.Task main = run("uring-sqpoll");
    bench.drain(watched, watched::allExited, "the end of the polling thread");
    Watched.Task poller = watched.find(task -> !task.of(Workbench.id("io_uring/nop")).isEmpty());
    assertThat(poller).isNotNull().isNotSameAs(main);
    assertThat(poller.of(Workbench.id("io_uring/nop"))).hasSize(3);
    assertThat(poller.start.process()).isEqualTo(main.start.task());
  }
}
