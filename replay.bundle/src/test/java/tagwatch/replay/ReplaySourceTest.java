// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tagwatch.replay.Recordings.T0;
import static tagwatch.replay.Recordings.TAG;
import static tagwatch.replay.Recordings.event;
import static tagwatch.replay.Recordings.key;
import static tagwatch.replay.Recordings.start;
import static tagwatch.replay.Recordings.thread;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.recording.RecordingWriter;
import tagwatch.transport.Enforcement;
import tagwatch.transport.ImageSink;
import tagwatch.transport.Subscription;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.TransportException;

class ReplaySourceTest {
  private static final Verdict KILL_PROCESS = new Verdict(Verdict.Kind.KILL, Verdict.Scope.PROCESS);
  private static final Verdict KILL_SUBTREE = new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE);

  @TempDir Path folder;
  private final TurnedClock clock = new TurnedClock();
  private final RecordingSink sink = new RecordingSink();

  /** One task, events 1 to count, one each microsecond. */
  private Path steady(int count) throws IOException {
    return Recordings.write(
        folder.resolve("steady.rec"),
        writer -> {
          int task = writer.taskStarted(start(7, TAG, null));
          for (int i = 1; i <= count; i++) {
            event(writer, task, i, i);
          }
        });
  }

  private ReplaySource open(String speed, int ring, Path... files)
      throws IOException, TransportException {
    return Recordings.open(Recordings.settings(speed, ring, files), clock, TAG);
  }

  private void drain(ReplaySource source) {
    while (!source.exhausted()) {
      source.poll(sink, 10);
      source.awaitEvents(1_000_000);
    }
  }

  private static long count(ReplaySource source, TransportCounter counter) {
    return source.counters().get(counter);
  }

  /** Takes everything down and says that nothing was missing. */
  private static ImageSink into(List<Long> image) {
    return (hookId, sequence, timestampNs, features, offset, length) -> {
      image.add(sequence);
      return false;
    };
  }

  private void assertIdentity(ReplaySource source) {
    assertThat(count(source, TransportCounter.EMITTED))
        .isEqualTo(sink.accepted + count(source, TransportCounter.LOST));
  }

  @Test
  void shouldDeliverEverythingInOrder() throws Exception {
    Path file =
        Recordings.write(
            folder.resolve("a.rec"),
            writer -> {
              int first = writer.taskStarted(start(7, TAG, null));
              event(writer, first, 1, 1);
              int second = writer.taskStarted(start(8, TAG, 7));
              event(writer, second, 1, 2);
              event(writer, first, 2, 3);
              writer.taskExecuted(second, new Executable("/x", ""), T0 + 4000);
              writer.beacon(T0 + 5000, 1);
              writer.taskExited(second, T0 + 6000, 1);
            });
    try (ReplaySource source = open("fast", 64, file)) {
      drain(source);
      assertThat(sink.lines)
          .containsExactly(
              "started 7",
              "7 #1 1",
              "started 8",
              "8 #1 1",
              "7 #2 2",
              "executed 8 /x",
              "exited 8 #1");
      assertThat(sink.starts).containsExactly(start(7, TAG, null), start(8, TAG, 7));
      assertThat(count(source, TransportCounter.TASKS)).isEqualTo(2);
      assertThat(count(source, TransportCounter.LOST)).isZero();
      assertIdentity(source);
      assertThat(source.poll(sink, 10)).isZero();
    }
  }

  @Test
  void shouldDeliverOnlyTheSubscribedTags() throws Exception {
    Path file =
        Recordings.write(
            folder.resolve("a.rec"),
            writer -> {
              int other = writer.taskStarted(start(6, 2, null));
              int watched = writer.taskStarted(start(7, TAG, null));
              event(writer, other, 1, 1);
              event(writer, watched, 1, 2);
              writer.taskExited(other, T0 + 3000, 1);
            });
    try (ReplaySource source = open("fast", 64, file)) {
      drain(source);
      assertThat(sink.lines).containsExactly("started 7", "7 #1 1");
      assertThat(count(source, TransportCounter.EMITTED)).isEqualTo(1);
      assertThat(source.enforce(key(6), KILL_PROCESS).outcome())
          .isEqualTo(Enforcement.Outcome.GONE);
    }
  }

  @Test
  void shouldKeepTheRateAndLoseWhatDoesNotFit() throws Exception {
    try (ReplaySource source = open("1000000", 10, steady(100))) {
      assertThat(source.poll(sink, 50)).isEqualTo(1);
      clock.turnMicros(4);
      assertThat(source.poll(sink, 50)).isEqualTo(4);
      assertThat(source.poll(sink, 50)).isZero();
      clock.turnMicros(30);
      assertThat(source.poll(sink, 50)).isEqualTo(10);
      assertThat(count(source, TransportCounter.LOST)).isEqualTo(20);
      clock.turnMicros(1);
      assertThat(source.poll(sink, 50)).isEqualTo(1);
      assertThat(sink.lines.get(sink.lines.size() - 2)).isEqualTo("7 #15 15");
      assertThat(sink.lines.get(sink.lines.size() - 1)).isEqualTo("7 #36 36");
      assertIdentity(source);
      drain(source);
      assertThat(count(source, TransportCounter.EMITTED)).isEqualTo(100);
      assertIdentity(source);
    }
  }

  @Test
  void shouldNotEmptyTheRingFasterThanItIsPolled() throws Exception {
    try (ReplaySource source = open("1000000", 10, steady(100))) {
      source.poll(sink, 1);
      clock.turnMicros(10);
      assertThat(source.poll(sink, 4)).isEqualTo(4);
      clock.turnMicros(6);
      assertThat(source.poll(sink, 0)).isZero();
      assertThat(count(source, TransportCounter.LOST)).isEqualTo(2);
      assertThat(source.poll(sink, 50)).isEqualTo(10);
      assertThat(sink.lines.get(sink.lines.size() - 1)).isEqualTo("7 #15 15");
    }
  }

  @Test
  void shouldKeepTheRecordedDistances() throws Exception {
    Path file =
        Recordings.write(
            folder.resolve("a.rec"),
            writer -> {
              int task = writer.taskStarted(start(7, TAG, null));
              event(writer, task, 1, 10);
              event(writer, task, 2, 500);
            });
    try (ReplaySource source = open("recorded", 10, file)) {
      source.poll(sink, 50);
      assertThat(sink.lines).containsExactly("started 7");
      source.awaitEvents(1_000_000_000);
      assertThat(clock.nowNs).isEqualTo(77 + 10_000);
      source.poll(sink, 50);
      assertThat(sink.lines).contains("7 #1 1").doesNotContain("7 #2 2");
      source.awaitEvents(100_000);
      assertThat(source.poll(sink, 50)).isZero();
      source.awaitEvents(1_000_000_000);
      assertThat(clock.nowNs).isEqualTo(77 + 500_000);
      assertThat(source.poll(sink, 50)).isEqualTo(1);
      assertThat(source.exhausted()).isTrue();
    }
  }

  @Test
  void shouldShowLostEventsInTheImageAndNotThoseOnTheirWay() throws Exception {
    try (ReplaySource source = open("1000000", 10, steady(30))) {
      source.poll(sink, 0);
      clock.turnMicros(14);
      source.poll(sink, 4);
      List<Long> image = new ArrayList<>();
      assertThat(source.image(key(7), into(image))).isEqualTo(4);
      assertThat(image).containsExactly(1L, 2L, 3L, 4L);

      source.poll(sink, 6);
      image.clear();
      int shown =
          source.image(
              key(7),
              (id, seq, t, features, offset, n) -> {
                image.add((long) features.getShort(offset));
                return seq > 10;
              });
      assertThat(shown).isEqualTo(15);
      assertThat(image).endsWith(10L, 11L, 12L, 13L, 14L, 15L);
      assertThat(count(source, TransportCounter.RECOVERED)).isEqualTo(5);
      assertThat(count(source, TransportCounter.LOST)).isZero();
      sink.accepted += 5;
      assertIdentity(source);
      assertThat(source.image(key(99), (id, seq, t, f, o, n) -> true)).isEqualTo(-1);
    }
  }

  @Test
  void shouldKeepTheLast128EventsOfATask() throws Exception {
    try (ReplaySource source = open("fast", 64, steady(1000))) {
      drain(source);
      List<Long> image = new ArrayList<>();
      assertThat(source.image(key(7), into(image))).isEqualTo(128);
      assertThat(image.get(0)).isEqualTo(873);
      assertThat(image.get(127)).isEqualTo(1000);
    }
  }

  /**
   * The process that is blocked, with a thread and a child that it forks later:
   *
   * <pre>
   *   7 ──┬── thread 9
   *       └── fork 10 (after the verdict)
   *   8 (another server)
   * </pre>
   */
  private static void family(RecordingWriter writer) throws IOException {
    int blocked = writer.taskStarted(start(7, TAG, null));
    int other = writer.taskStarted(start(8, TAG, null));
    int thread = writer.taskStarted(thread(9, 7));
    for (int i = 1; i <= 3; i++) {
      event(writer, blocked, i, i);
      event(writer, thread, i, i);
      event(writer, other, i, i);
    }
    int child = writer.taskStarted(start(10, TAG, 7));
    event(writer, child, 1, 10);
    event(writer, child, 2, 11);
    event(writer, blocked, 4, 12);
    event(writer, other, 4, 13);
    writer.taskExited(child, T0 + 14_000, 2);
    writer.taskExited(blocked, T0 + 15_000, 4);
  }

  @Test
  void shouldSilenceABlockedProcessAndWhatItForks() throws Exception {
    Path file = Recordings.write(folder.resolve("a.rec"), ReplaySourceTest::family);
    try (ReplaySource source = open("fast", 64, file)) {
      source.poll(sink, 3);
      Enforcement done = source.enforce(key(9), KILL_SUBTREE);
      assertThat(done.outcome()).isEqualTo(Enforcement.Outcome.DONE);
      assertThat(done.detail()).contains("cannot be stopped", "pid 7");
      assertThat(source.verdictsInForce())
          .singleElement()
          .satisfies(force -> assertThat(force.process()).isEqualTo(key(7)));
      drain(source);
      assertThat(sink.lines)
          .containsExactly(
              "started 7",
              "started 8",
              "started 9",
              "7 #1 1",
              "9 #1 1",
              "8 #1 1",
              "8 #2 2",
              "8 #3 3",
              "8 #4 4",
              "exited 7 #1");
      assertThat(count(source, TransportCounter.VERDICT_HITS)).isEqualTo(7);
      assertThat(count(source, TransportCounter.LOST)).isZero();
      assertThat(count(source, TransportCounter.TASKS)).isEqualTo(3);
      assertIdentity(source);
    }
  }

  @Test
  void shouldGoOnWithoutAJumpAfterARelease() throws Exception {
    Path file = Recordings.write(folder.resolve("b.rec"), ReplaySourceTest::family);
    try (ReplaySource source = open("1000000", 64, file)) {
      source.poll(sink, 50);
      source.enforce(key(7), KILL_SUBTREE);
      clock.turnMicros(8);
      source.poll(sink, 50);
      source.release(key(9));
      assertThat(source.verdictsInForce()).isEmpty();
      clock.turnMicros(100);
      source.poll(sink, 50);
      assertThat(count(source, TransportCounter.LOST)).isZero();
      assertThat(sink.lines).contains("started 10", "7 #2 4", "exited 7 #2");
      assertIdentity(source);
    }
  }

  @Test
  void shouldRefuseVerdictsThatItCannotCarryOut() throws Exception {
    try (ReplaySource source = open("fast", 64, steady(6))) {
      source.poll(sink, 2);
      Verdict deny = new Verdict(Verdict.Kind.DENY, Verdict.Scope.PROCESS);
      assertThat(source.enforce(key(7), deny).outcome()).isEqualTo(Enforcement.Outcome.REFUSED);
      assertThat(source.enforce(key(7), Verdict.ALERT).outcome())
          .isEqualTo(Enforcement.Outcome.DONE);
      assertThat(source.verdictsInForce()).isEmpty();
    }
  }

  @Test
  void shouldBlockEverythingOfATag() throws Exception {
    Path file = Recordings.write(folder.resolve("a.rec"), ReplaySourceTest::family);
    try (ReplaySource source = open("fast", 64, file)) {
      source.poll(sink, 3);
      source.enforce(key(8), new Verdict(Verdict.Kind.SUSPEND, Verdict.Scope.TAG));
      drain(source);
      assertThat(sink.accepted).isEqualTo(3);
      assertThat(count(source, TransportCounter.VERDICT_HITS)).isEqualTo(10);
    }
  }

  @Test
  void shouldCountRecordedLossesAgain() throws Exception {
    Path file =
        Recordings.write(
            folder.resolve("a.rec"),
            writer -> {
              int task = writer.taskStarted(start(7, TAG, null));
              event(writer, task, 5, 1);
              event(writer, task, 8, 2);
              writer.gap(task, 3);
              event(writer, task, 12, 3);
              writer.gap(task, 2);
              event(writer, task, 13, 4);
              writer.taskExited(task, T0 + 5000, 14);
            });
    try (ReplaySource source = open("fast", 64, file)) {
      drain(source);
      // 6 and 7; the gap of 3, which is the jump over 9 to 11; a gap without a jump; 14
      assertThat(count(source, TransportCounter.LOST)).isEqualTo(2 + 3 + 2 + 1);
      assertThat(sink.lines).contains("gap 7 3", "exited 7 #14");
      assertIdentity(source);
    }
  }

  @Test
  void shouldCountToTheEventWhateverTheSinkDoes() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the random sink: " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Path file =
        Recordings.write(
            folder.resolve("a.rec"),
            writer -> {
              int[] tasks = new int[8];
              long[] sequences = new long[8];
              for (int i = 0; i < 8; i++) {
                tasks[i] = writer.taskStarted(start(10 + i, TAG, null));
              }
              for (int i = 0; i < 20_000; i++) {
                int at = random.nextInt(8);
                sequences[at] += random.nextInt(50) == 0 ? 3 : 1;
                event(writer, tasks[at], sequences[at], i);
              }
            });
    sink.takes = number -> random.nextInt(10) > 0;
    sink.refuses = threadId -> threadId == 12;
    try (ReplaySource source = open("1000000", 100, file)) {
      while (!source.exhausted()) {
        source.poll(sink, random.nextInt(60));
        if (random.nextInt(100) == 0) {
          source.enforce(key(10 + random.nextInt(8)), KILL_PROCESS);
          source.release(key(10 + random.nextInt(8)));
        }
        clock.turnMicros(random.nextInt(60));
      }
      assertThat(count(source, TransportCounter.LOST)).isPositive();
      assertThat(count(source, TransportCounter.VERDICT_HITS)).isPositive();
      assertIdentity(source);
    }
  }

  @Test
  void shouldPlayAgainWithLaterTasksAndTimes() throws Exception {
    ReplaySettings twice = new ReplaySettings(List.of(steady(3)), Speed.parse("fast"), 2, 1, 64);
    try (ReplaySource source = Recordings.open(twice, clock, TAG)) {
      drain(source);
      assertThat(sink.lines)
          .containsExactly(
              "started 7",
              "7 #1 1",
              "7 #2 2",
              "7 #3 3",
              "exited 7 #3",
              "started 7",
              "7 #1 1",
              "7 #2 2",
              "7 #3 3");
      assertThat(sink.starts.get(1).timestampNs()).isEqualTo(T0 + 3000 + 1_000_000);
      assertThat(sink.starts.get(1).task()).isEqualTo(new TaskKey(7, 7 + 3000 + 1_000_000));
    }
  }

  @Test
  void shouldPlayParallelSetsOfProcesses() throws Exception {
    ReplaySettings three = new ReplaySettings(List.of(steady(2)), Speed.parse("1000000"), 1, 3, 64);
    try (ReplaySource source = Recordings.open(three, clock, TAG)) {
      drain(source);
      int stride = 1 << 22;
      assertThat(sink.lines)
          .containsExactly(
              "started 7",
              "started " + (7 + stride),
              "started " + (7 + 2 * stride),
              "7 #1 1",
              (7 + stride) + " #1 1",
              (7 + 2 * stride) + " #1 1",
              "7 #2 2",
              (7 + stride) + " #2 2",
              (7 + 2 * stride) + " #2 2");
      assertIdentity(source);
    }
  }

  @Test
  void shouldPlaySeveralRecordingsOneAfterTheOther() throws Exception {
    Path first = steady(2);
    Path later =
        Recordings.write(
            folder.resolve("later.rec"),
            writer -> event(writer, writer.taskStarted(start(8, TAG, null)), 1, 9_000_000));
    try (ReplaySource source = open("fast", 64, first, later)) {
      drain(source);
      assertThat(sink.lines)
          .containsExactly("started 7", "7 #1 1", "7 #2 2", "exited 7 #2", "started 8", "8 #1 1");
    }
    Path foreign = Recordings.write(folder.resolve("foreign.rec"), "w", writer -> {});
    assertThatThrownBy(() -> open("fast", 64, first, foreign))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("foreign.rec: its vocabulary w (1 hooks) is not that of");
  }

  @Test
  void shouldNeverShareASequenceDomain() throws Exception {
    ReplaySettings settings = Recordings.settings("fast", 64, steady(2));
    AtomicLong opened = new AtomicLong();
    Subscription all = new Subscription(Set.of(TAG), Subscription.Mode.LIVE);
    ReplayTransport transport = ReplayTransport.of(settings, opened, clock);
    try (var first = transport.open(all);
        var second = transport.open(all)) {
      assertThat(first.sequenceDomain()).matches("replay:[0-9a-f]{16}:1");
      assertThat(second.sequenceDomain()).isEqualTo(first.sequenceDomain().replace(":1", ":2"));
    }
  }
}
