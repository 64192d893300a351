// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

@Timeout(60)
class TaskTreeTest {
  private static final int FORK = Workbench.id("task/fork");
  private static final int EXEC = Workbench.id("task/exec");
  private static final int GETPPID = Workbench.id("x86_64/getppid");

  private Workbench bench;
  private final Watched watched = new Watched();

  @BeforeEach
  void prepare() throws Exception {
    bench = new Workbench("tree", 41002);
  }

  @AfterEach
  void cleanUp() throws Exception {
    bench.close();
  }

  /*
   * main ─┬─ thread, thread
   *       ├─ child ── grandchild (outlives child)
   *       └─ vfork child ─exec─ untagged program
   */
  @Test
  void shouldWatchTheWholeTreeFromTheForkRecordOn() throws Exception {
    Path program = bench.tagged();
    Path other = bench.untagged();
    bench.open(program);
    Process process = bench.start(program, "tree", other);
    bench.drain(
        watched, () -> watched.tasks.size() == 6 && watched.allExited(), "the end of six tasks");

    Watched.Task main = watched.process(process.pid());
    TaskKey mainKey = main.start.task();
    List<Watched.Task> forked =
        watched.tasks.stream().filter(task -> task.start.origin() == Origin.FORKED).toList();
    assertThat(forked).hasSize(5);
    for (Watched.Task task : watched.tasks) {
      assertThat(task.contiguous()).isTrue();
      assertThat(task.events.get(0).sequence()).isEqualTo(1);
      assertThat(task.lastSequence).isEqualTo(task.events.size());
    }
    for (Watched.Task task : forked) {
      assertThat(task.events.get(0).id()).isEqualTo(FORK);
    }
    List<Watched.Task> threads =
        forked.stream().filter(task -> task.start.process().equals(mainKey)).toList();
    assertThat(threads).hasSize(2);
    for (Watched.Task thread : threads) {
      assertThat(thread.start.parent()).contains(mainKey);
      assertThat(thread.of(GETPPID)).hasSize(100);
      assertThat(thread.events.get(0).features().get(0)).isEqualTo(1);
    }
    Watched.Task orphan = watched.find(task -> task.of(GETPPID).size() == 20);
    Watched.Task child = watched.find(task -> task.of(GETPPID).size() == 10);
    assertThat(orphan.start.parent()).contains(child.start.task());
    assertThat(orphan.start.executable()).isEqualTo(main.start.executable());
    Watched.Task vforked = watched.find(task -> !task.executed.isEmpty());
    assertThat(vforked.start.parent()).contains(mainKey);
    assertThat(vforked.of(EXEC)).hasSize(1);
    assertThat(vforked.executed.get(0).path()).isEqualTo(other.toString());
  }

  /*
   * main ── thread ─exec─ untagged program, which now has main's id
   */
  @Test
  void shouldFollowAThreadThatTakesTheLeadersPlaceAtExec() throws Exception {
    Path program = bench.tagged();
    Path other = bench.untagged();
    bench.open(program);
    Process process = bench.start(program, "exec-from-thread", other);
    bench.drain(
        watched, () -> watched.tasks.size() == 3 && watched.allExited(), "the end of three");

    Watched.Task leader = watched.tasks.get(0);
    Watched.Task thread = watched.tasks.get(1);
    Watched.Task successor = watched.tasks.get(2);
    assertThat(successor.start.task()).isEqualTo(leader.start.task());
    assertThat(successor.start.task().threadId()).isEqualTo((int) process.pid());
    assertThat(successor.start.parent()).contains(thread.start.task());
    assertThat(successor.events.get(0).id()).isEqualTo(EXEC);
    assertThat(successor.events.get(0).sequence()).isEqualTo(1);
    assertThat(thread.lastSequence).isEqualTo(thread.events.size());
    assertThat(bench.source().counters()).containsEntry(TransportCounter.EMITTED, watched.accepted);
  }

  /*
   * main ── thread, thread        all before the agent
   */
  @Test
  void shouldAdoptAProcessThatRanBeforeWithItsThreads() throws Exception {
    Path program = bench.tagged();
    Process process = bench.start(program, "before");
    Workbench.line(process);
    EventSource source = bench.open();
    bench.drain(watched, () -> watched.tasks.size() == 3, "three tasks");
    Workbench.go(process);
    bench.drain(watched, watched::allExited, "their end");

    assertThat(watched.tasks).allMatch(task -> task.start.origin() == Origin.ADOPTED);
    Watched.Task main = watched.process(process.pid());
    assertThat(main.of(GETPPID)).hasSize(50);
    assertThat(main.start.executable().path()).isEqualTo(program.toString());
    assertThat(watched.tasks).allMatch(task -> task.start.process().equals(main.start.task()));
    assertThat(watched.tasks).allMatch(Watched.Task::contiguous);
    assertThat(source.counters()).containsEntry(TransportCounter.EMITTED, watched.accepted);
  }

  /*
   * tagged ─exec─ untagged ─exec─ untagged
   */
  @Test
  void shouldKeepTheTagOverTheExecOfUntaggedPrograms() throws Exception {
    Path program = bench.tagged();
    Path other = bench.untagged();
    bench.open(program);
    Process process = bench.start(program, "exec", other, "exec", other, "calls", "7");
    bench.drain(watched, () -> watched.exited(process.pid()), "the end");

    Watched.Task task = watched.process(process.pid());
    assertThat(watched.tasks).hasSize(1);
    assertThat(task.of(EXEC)).hasSize(3);
    assertThat(task.of(GETPPID)).hasSize(7);
    assertThat(task.executed).hasSize(2).allMatch(exe -> exe.path().equals(other.toString()));
  }

  /*
   * program (known, then replaced by rename) ─ asked about at its exec, adopted a moment later
   */
  @Test
  void shouldAdoptAProgramThatWasReplacedByRename() throws Exception {
    Path program = bench.tagged();
    EventSource source = bench.open(program);
    Files.move(bench.tagged(), program, StandardCopyOption.REPLACE_EXISTING);
    Process process = bench.start(program, "before");
    bench.drain(watched, () -> watched.tasks.size() == 3, "three tasks");
    Workbench.line(process);
    Workbench.go(process);
    bench.drain(watched, watched::allExited, "their end");

    assertThat(watched.process(process.pid()).of(GETPPID)).hasSize(50);
    assertThat(source.counters()).containsEntry(TransportCounter.LATE_TAGS, 1L);
    assertThat(source.counters()).containsEntry(TransportCounter.EMITTED, watched.accepted);

    Process second = bench.start(program, "calls", 1);
    bench.drain(watched, () -> watched.exited(second.pid()), "the second one");
    assertThat(watched.process(second.pid()).start.origin()).isEqualTo(Origin.EXECUTED);
  }
}
