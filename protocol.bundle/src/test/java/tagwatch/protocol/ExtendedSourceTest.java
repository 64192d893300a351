// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart.Origin;
import tagwatch.event.Verdict;
import tagwatch.netlink.NetlinkChannels;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.EventSource;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/** The agent against a process that speaks the kernel's side. */
@Timeout(60)
class ExtendedSourceTest {
  private static final int TAG = 7;
  private static final int FORKED = 0;
  private static final int EXECUTED = 1;

  @TempDir private Path folder;
  private KernelSide kernel;
  private final Witness witness = new Witness();
  private EventSource source;

  @BeforeEach
  void prepare() throws Exception {
    kernel = new KernelSide(folder, "kernelside");
  }

  @AfterEach
  void cleanUp() throws Exception {
    if (source != null) {
      source.close();
    }
    kernel.close();
  }

  private EventSource open(Settings settings, Mode mode, Integer... tags) throws Exception {
    source =
        ExtendedSource.open(
            new NetlinkChannels(), settings, new Subscription(Set.of(tags), mode), Set.of(0, 5));
    return source;
  }

  private EventSource open(Mode mode) throws Exception {
    return open(kernel.settings(), mode, TAG);
  }

  /** Until the first poll the agent knows no tasks. */
  private void settle() {
    while (source.poll(witness, 4096) > 0) {
      // until it is quiet
    }
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /*
   * 100 ── 101        live: every event with its features, in order
   */
  @Test
  void shouldDeliverEveryLiveEventWithItsFeatures() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 300 42");
    kernel.start(101, 100, TAG, FORKED);
    kernel.tell("events 101 5 43");
    kernel.tell("exit 101");
    kernel.tell("exit 100");
    witness.drain(source, () -> witness.exited(100), "the end");

    assertThat(witness.of(100).sequences).isEqualTo(upTo(300));
    assertThat(witness.of(100).hooks).containsOnly(42).hasSize(300);
    assertThat(witness.of(100).features.subList(0, 4)).containsExactly(1, 42, 2, 42);
    assertThat(witness.of(100).lastSequence).isEqualTo(300);
    assertThat(witness.of(100).start.origin()).isEqualTo(Origin.EXECUTED);
    assertThat(witness.of(101).start.origin()).isEqualTo(Origin.FORKED);
    assertThat(witness.of(101).start.parent()).contains(new TaskKey(100, 100_000));
    assertThat(witness.of(101).sequences).isEqualTo(upTo(5));
    witness.assertBooksAreEven(source);
    assertThat(source.counters())
        .containsEntry(TransportCounter.EMITTED, 305L)
        .containsEntry(TransportCounter.LOST, 0L)
        .containsEntry(TransportCounter.TASKS, 2L);
    assertThat(source.sequenceDomain()).isEqualTo("exein:d0");
  }

  @Test
  void shouldDeliverEachEventOnceFromSnapshots() throws Exception {
    open(Mode.SNAPSHOT);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    for (int i = 1; i <= 20; i++) {
      kernel.tell("events 100 50 42");
      long expected = 50L * i;
      witness.drain(
          source,
          () -> witness.of(100) != null && witness.of(100).sequences.contains(expected),
          "round " + i);
    }
    kernel.tell("events 100 7 43");
    kernel.tell("exit 100");
    witness.drain(source, () -> witness.exited(100), "the end");
    assertThat(witness.of(100).sequences).isEqualTo(upTo(1007));
    assertThat(witness.of(100).features.subList(0, 4)).containsExactly(1, 42, 2, 42);
    witness.assertBooksAreEven(source);
    assertThat(source.counters()).containsEntry(TransportCounter.UNCOVERED, 0L);
  }

  @Test
  void shouldCountWhatWasOverwrittenBeforeItWasFetched() throws Exception {
    open(Mode.SNAPSHOT);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 1000 42");
    kernel.tell("exit 100");
    witness.drain(source, () -> witness.exited(100), "the end");
    assertThat(witness.of(100).sequences).hasSize(128).endsWith(1000L);
    assertThat(source.counters()).containsEntry(TransportCounter.UNCOVERED, 872L);
    witness.assertBooksAreEven(source);
  }

  @Test
  void shouldFetchATaskAtOnceWhenItsRingFills() throws Exception {
    open(kernel.settings(60_000, 48, List.of()), Mode.SNAPSHOT, TAG);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 47 42");
    settle();
    assertThat(witness.of(100).sequences).isEmpty();
    kernel.tell("events 100 1 42");
    witness.drain(source, () -> witness.of(100).sequences.size() == 48, "48 events");
  }

  @Test
  void shouldLetAChildInheritWhatItsParentHasDone() throws Exception {
    open(kernel.settings(60_000, 0, List.of()), Mode.SNAPSHOT, TAG);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 9 42");
    kernel.start(101, 100, TAG, FORKED);
    witness.drain(source, () -> witness.of(101) != null, "the child");
    assertThat(witness.of(100).sequences).isEqualTo(upTo(9));
  }

  /*
   * 100  10 events | execve | 5 events      the program changes between the tenth and the eleventh
   */
  @Test
  void shouldTellOfAnExecutionBetweenTheRightEvents() throws Exception {
    for (Mode mode : Mode.values()) {
      open(mode);
      settle();
      int tid = mode == Mode.LIVE ? 100 : 200;
      kernel.start(tid, 0, TAG, EXECUTED);
      kernel.tell("events " + tid + " 10 42");
      kernel.tell("execs " + tid + " /bin/true");
      kernel.tell("events " + tid + " 5 43");
      kernel.tell("exit " + tid);
      witness.drain(source, () -> witness.exited(tid), "the end");
      assertThat(witness.of(tid).sequences).isEqualTo(upTo(15));
      assertThat(witness.of(tid).programs).containsExactly("/bin/true after 10");
      source.close();
    }
  }

  /*
   * 100 (leader) ── 105 (thread) calls execve and becomes 100
   */
  @Test
  void shouldFollowAThreadThatTakesItsLeadersNameOver() throws Exception {
    for (Mode mode : Mode.values()) {
      open(mode);
      settle();
      int leader = mode == Mode.LIVE ? 100 : 200;
      int thread = leader + 5;
      kernel.start(leader, 0, TAG, EXECUTED);
      kernel.tell(
          String.format(
              "start %d 777 %d %d %d %d %d 0",
              thread, leader, leader * 1000, leader, leader * 1000, TAG));
      kernel.tell("events " + leader + " 4 42");
      kernel.tell("events " + thread + " 6 42");
      kernel.tell("exit " + leader);
      kernel.tell(String.format("take %d %d /bin/true", thread, leader));
      kernel.tell("events " + leader + " 3 43");
      kernel.tell("exit " + leader);
      witness.drain(
          source,
          () -> witness.exited(leader) && witness.of(leader).lastSequence == 3,
          "the second end in " + mode);
      assertThat(witness.of(thread).sequences).isEqualTo(upTo(6));
      assertThat(witness.exited(thread)).isTrue();
      assertThat(witness.of(leader).sequences).isEqualTo(upTo(3));
      witness.assertBooksAreEven(source);
      source.close();
      witness.accepted = 0;
    }
  }

  @Test
  void shouldTakeOverRunningTasksWhereNobodyHasFetchedThem() throws Exception {
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.start(101, 100, TAG, FORKED);
    kernel.start(102, 100, TAG, FORKED);
    kernel.start(103, 100, TAG, FORKED);
    kernel.tell("events 100 20 42");
    kernel.tell("events 103 4 42");
    kernel.tell("exit 103");
    open(Mode.SNAPSHOT);
    witness.drain(source, () -> witness.exited(103), "what ended before");
    assertThat(witness.sessions).hasSize(4);
    assertThat(witness.of(102).start.origin()).isEqualTo(Origin.RESUMED);
    assertThat(witness.of(100).sequences).isEqualTo(upTo(20));
    assertThat(witness.of(103).sequences).isEqualTo(upTo(4));
    witness.assertBooksAreEven(source);
  }

  /*
   * snapshot | live | snapshot on the same rings, events before, between and after
   */
  @Test
  void shouldKeepTheBooksEvenOverChangesOfMode() throws Exception {
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 10 42");
    open(Mode.SNAPSHOT);
    settle();
    kernel.tell("events 100 10 42");
    witness.drain(source, () -> witness.accepted == 20, "20 events");
    witness.assertBooksAreEven(source);
    kernel.tell("events 100 10 42");
    source.close();

    Witness second = new Witness();
    open(Mode.LIVE);
    second.drain(source, () -> second.of(100) != null, "the task");
    kernel.tell("events 100 10 42");
    kernel.tell("flush");
    second.drain(source, () -> second.accepted == 10, "10 live events");
    // the backlog shows as a jump, and the kernel's ring still has it
    assertThat(second.of(100).sequences.get(0)).isEqualTo(31);
    assertThat(source.counters()).containsEntry(TransportCounter.LOST, 10L);
    List<Long> recovered = new ArrayList<>();
    source.image(
        new TaskKey(100, 100_000),
        (hook, sequence, time, features, offset, length) ->
            sequence > 20 && sequence < 31 && recovered.add(sequence));
    assertThat(recovered).hasSize(10);
    second.accepted += recovered.size();
    second.assertBooksAreEven(source);
    source.close();

    Witness third = new Witness();
    open(Mode.SNAPSHOT);
    third.drain(source, () -> third.of(100) != null, "the task");
    kernel.tell("events 100 10 42");
    third.drain(source, () -> third.accepted == 10, "10 events");
    assertThat(third.of(100).sequences.get(0)).isEqualTo(41);
    third.assertBooksAreEven(source);
  }

  @Test
  void shouldNoticeLostFeedMessagesAndCompareTasks() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.start(101, 100, TAG, FORKED);
    witness.drain(source, () -> witness.of(101) != null, "both");
    // the end of one task and the start of another
    kernel.tell("lose 2");
    kernel.tell("exit 101");
    kernel.start(102, 100, TAG, FORKED);
    kernel.tell("events 100 5 42");
    kernel.tell("flush");
    witness.drain(source, () -> witness.exited(101) && witness.of(102) != null, "both to show");
    assertThat(witness.exited(100)).isFalse();
    assertThat(witness.of(100).sequences).isEqualTo(upTo(5));
  }

  @Test
  void shouldNoticeALossAtTheVeryEnd() throws Exception {
    open(Mode.SNAPSHOT);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    witness.drain(source, () -> witness.of(100) != null, "the task");
    kernel.tell("lose 1");
    kernel.tell("exit 100");
    // only a keep-alive can tell
    witness.drain(source, () -> witness.exited(100), "the end");
  }

  @Test
  void shouldCountLostLiveEventsUntilAnImageBringsThem() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    witness.drain(source, () -> witness.of(100) != null, "the task");
    kernel.tell("lose 1");
    kernel.tell("events 100 30 42");
    kernel.tell("flush");
    kernel.tell("events 100 1 42");
    kernel.tell("flush");
    witness.drain(source, () -> witness.accepted == 1, "the last event");
    assertThat(source.counters()).containsEntry(TransportCounter.LOST, 30L);
    int shown =
        source.image(
            new TaskKey(100, 100_000),
            (hook, sequence, time, features, offset, length) -> sequence <= 30);
    assertThat(shown).isEqualTo(31);
    assertThat(source.counters())
        .containsEntry(TransportCounter.LOST, 0L)
        .containsEntry(TransportCounter.RECOVERED, 30L);
  }

  @Test
  void shouldStartTheSessionOfATaskWhoseStartWasLost() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.tell("lose 1");
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 5 42");
    kernel.tell("flush");
    witness.drain(source, () -> witness.accepted == 5, "its events");
    assertThat(witness.of(100).start.origin()).isEqualTo(Origin.EXECUTED);
    witness.assertBooksAreEven(source);
  }

  @Test
  void shouldRegisterAgainWithoutLosingItsSessions() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.start(101, 100, TAG, FORKED);
    kernel.tell("events 100 5 42");
    kernel.tell("flush");
    witness.drain(source, () -> witness.accepted == 5, "its events");
    kernel.tell("expire");
    kernel.tell("events 100 10 42");
    kernel.tell("exit 101");
    kernel.start(102, 100, TAG, FORKED);
    witness.drain(source, () -> witness.of(102) != null, "the task that came meanwhile");
    kernel.tell("events 100 1 42");
    kernel.tell("flush");
    witness.drain(source, () -> witness.accepted == 6, "one more event");
    assertThat(witness.exited(101)).isTrue();
    assertThat(witness.sessions).hasSize(3);
    assertThat(source.counters()).containsEntry(TransportCounter.LOST, 10L);
    witness.assertBooksAreEven(source);
  }

  @Test
  void shouldCountEvictedImagesOnce() throws Exception {
    open(kernel.settings(60_000, 0, List.of()), Mode.SNAPSHOT, TAG);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    kernel.tell("events 100 12 42");
    kernel.tell("exit 100");
    kernel.tell("evict 100");
    witness.drain(source, () -> witness.exited(100), "the end");
    assertThat(source.counters()).containsEntry(TransportCounter.UNCOVERED, 12L);
    witness.assertBooksAreEven(source);
  }

  @Test
  void shouldHoldSeveralTags() throws Exception {
    open(kernel.settings(), Mode.LIVE, 7, 8);
    settle();
    kernel.start(100, 0, 7, EXECUTED);
    kernel.start(200, 0, 8, EXECUTED);
    kernel.start(300, 0, 9, EXECUTED);
    kernel.tell("events 100 5 42");
    kernel.tell("events 200 6 42");
    kernel.tell("exit 100");
    kernel.tell("exit 200");
    witness.drain(source, () -> witness.exited(100) && witness.exited(200), "both ends");
    assertThat(witness.of(200).start.tag()).isEqualTo(8);
    assertThat(witness.of(200).sequences).isEqualTo(upTo(6));
    assertThat(witness.of(300)).isNull();
  }

  @Test
  void shouldPutVerdictsIntoTheKernel() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    witness.drain(source, () -> witness.of(100) != null, "the task");
    TaskKey task = new TaskKey(100, 100_000);

    assertThat(
            source.enforce(task, new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE)).outcome())
        .isEqualTo(Outcome.DONE);
    assertThat(kernel.tell("verdict")).isEqualTo("3 1 100 0");
    assertThat(source.verdictsInForce())
        .containsExactly(
            new VerdictInForce(task, new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE), 99));
    source.enforce(task, new Verdict(Verdict.Kind.DENY, Verdict.Scope.TAG));
    assertThat(kernel.tell("verdict")).isEqualTo("2 2 100 33");
    source.enforce(task, new Verdict(Verdict.Kind.SUSPEND, Verdict.Scope.PROCESS));
    assertThat(kernel.tell("verdict")).isEqualTo("1 0 100 0");
    assertThat(source.release(task).outcome()).isEqualTo(Outcome.DONE);
    assertThat(source.verdictsInForce()).isEmpty();

    assertThat(source.enforce(task, Verdict.ALERT).outcome()).isEqualTo(Outcome.DONE);
    Verdict kill = new Verdict(Verdict.Kind.KILL, Verdict.Scope.PROCESS);
    assertThat(source.enforce(new TaskKey(1, 0), kill).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(source.enforce(new TaskKey(100, 5), kill).outcome()).isEqualTo(Outcome.GONE);
    source.close();
    assertThat(source.enforce(task, kill).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void shouldSayWhoHoldsTheTag() throws Exception {
    kernel.tell("held 7");
    assertThatThrownBy(() -> open(Mode.LIVE))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "registration of tag 7 refused: another agent holds the tag, its port id is 4711");
  }

  @Test
  void shouldCountRefusedEventsAsLost() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    witness.drain(source, () -> witness.of(100) != null, "the task");
    witness.full = true;
    kernel.tell("events 100 8 42");
    kernel.tell("exit 100");
    witness.drain(source, () -> witness.exited(100), "the end");
    assertThat(source.counters()).containsEntry(TransportCounter.LOST, 8L);
    witness.assertBooksAreEven(source);
  }

  /** Every thread's answers are its own, while the feed goes on. */
  @Test
  void shouldAnswerManyThreadsWhileTheFeedGoesOn() throws Exception {
    open(Mode.LIVE);
    settle();
    kernel.start(100, 0, TAG, EXECUTED);
    witness.drain(source, () -> witness.of(100) != null, "the task");
    TaskKey task = new TaskKey(100, 100_000);
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < 200; j++) {
                  source.image(task, (hook, sequence, time, features, at, length) -> false);
                  source.counters();
                  source.release(task);
                }
              });
      thread.setUncaughtExceptionHandler((which, failure) -> failures.add(failure));
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    for (int i = 0; i < 100; i++) {
      kernel.tell("events 100 20 42");
      kernel.tell("flush");
      source.poll(witness, 4096);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    witness.drain(source, () -> witness.accepted == 2000, "all events");
    assertThat(failures).isEmpty();
    assertThat(witness.of(100).sequences).isEqualTo(upTo(2000));
    witness.assertBooksAreEven(source);
  }
}
