// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tagwatch.event.Executable;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.HookId;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;

/** Recordings to test with. */
final class Recordings {
  static final int READ = HookId.of(1, 0);
  static final int OPENAT = HookId.of(1, 257);
  static final ByteBuffer NO_FEATURES = ByteBuffer.allocate(0);

  static final RecordingHeader HEADER =
      new RecordingHeader(
          1_700_000_000_000_000_000L,
          5_000_000_000L,
          "b",
          "test",
          new Vocabulary(
              "v",
              Map.of(1, "x"),
              List.of(
                  new Hook(READ, "x/read", List.of()),
                  new Hook(OPENAT, "x/openat", List.of(new Feature("p", FeatureType.PATH_CLASS))))),
          Map.of("k", "w"));

  private Recordings() {}

  static TaskStart start(int threadId, int tag) {
    TaskKey key = new TaskKey(threadId, threadId * 10L);
    return new TaskStart(
        key,
        key,
        Optional.empty(),
        tag,
        new Executable("/a", "ff"),
        5_000_000_100L,
        TaskStart.Origin.EXECUTED);
  }

  static ByteBuffer slots(int... values) {
    ByteBuffer slots = ByteBuffer.allocate(values.length * 2).order(ByteOrder.nativeOrder());
    for (int value : values) {
      slots.putShort((short) value);
    }
    return slots;
  }

  /** What a recorder does. */
  interface Script {
    void run(RecordingWriter writer) throws IOException;
  }

  static byte[] bytes(RecordingOptions options, Script script) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RecordingWriter writer = RecordingWriter.to(Channels.newChannel(bytes), HEADER, options)) {
      script.run(writer);
    }
    return bytes.toByteArray();
  }

  /** Two tasks, all kinds of records, several blocks. */
  static void small(RecordingWriter writer) throws IOException {
    int first = writer.taskStarted(start(7, 13107));
    writer.event(first, READ, 1, 5_000_000_200L, NO_FEATURES, 0, 0);
    writer.event(first, OPENAT, 2, 5_000_000_300L, slots(4), 0, 2);
    writer.flush();
    int second = writer.taskStarted(start(8, 2));
    writer.event(second, READ, 1, 5_000_000_250L, NO_FEATURES, 0, 0);
    writer.event(first, READ, 3, 5_000_000_400L, NO_FEATURES, 0, 0);
    writer.beacon(5_000_000_450L, 1_700_000_000_000_000_450L);
    writer.flush();
    writer.gap(first, 3);
    writer.event(first, HookId.of(1, 512), 7, 5_000_000_500L, slots(1, 65535), 0, 4);
    writer.taskExecuted(second, new Executable("/b", ""), 5_000_000_600L);
    writer.taskExited(second, 5_000_000_700L, 1);
  }

  /** Random work over hours; the transcript says what the reader has to show. */
  static void random(long seed, RecordingWriter writer, Transcript expected) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Integer> live = new ArrayList<>();
    Map<Integer, Long> sequences = new HashMap<>();
    long now = random.nextLong(1L << 50);
    for (int i = 0; i < 3000; i++) {
      now += random.nextLong(random.nextBoolean() ? 4000 : 1L << 34) - 1000;
      int choice = random.nextInt(100);
      if (live.isEmpty() || choice < 3) {
        TaskStart start = randomStart(random, now);
        int task = writer.taskStarted(start);
        expected.taskStarted(task, start);
        live.add(task);
        sequences.put(task, random.nextLong(1L << 40));
        continue;
      }
      int at = random.nextInt(live.size());
      int task = live.get(at);
      if (choice < 5) {
        live.remove(at);
        writer.taskExited(task, now, sequences.get(task));
        expected.taskExited(task, now, sequences.get(task));
      } else if (choice == 5) {
        Executable executable = new Executable("/päth/" + i, Integer.toHexString(i));
        writer.taskExecuted(task, executable, now);
        expected.taskExecuted(task, executable, now);
      } else if (choice == 6) {
        long lost = random.nextLong(1L << 40);
        writer.gap(task, lost);
        expected.gap(task, lost);
      } else if (choice == 7) {
        long wallClockNs = random.nextLong();
        writer.beacon(now, wallClockNs);
        expected.beacon(now, wallClockNs);
      } else {
        long sequence = sequences.merge(task, 1L + random.nextInt(2), Long::sum);
        int hook = random.nextBoolean() ? random.nextInt(600) : random.nextInt();
        ByteBuffer slots = slots(random.ints(random.nextInt(5)).toArray());
        writer.event(task, hook, sequence, now, slots, 0, slots.capacity());
        expected.event(task, hook, sequence, now, slots, 0, slots.capacity());
      }
    }
  }

  private static TaskStart randomStart(SplittableRandom random, long now) {
    TaskKey key = new TaskKey(1 + random.nextInt(1 << 22), random.nextLong(1L << 60));
    TaskKey leader = new TaskKey(1 + random.nextInt(1 << 22), random.nextLong(1L << 60));
    TaskStart.Origin[] origins = TaskStart.Origin.values();
    return new TaskStart(
        key,
        random.nextBoolean() ? key : leader,
        random.nextBoolean() ? Optional.of(leader) : Optional.empty(),
        random.nextInt(1 << 16),
        random.nextBoolean() ? Executable.UNKNOWN : new Executable("/bin/x", "00ff"),
        now,
        origins[random.nextInt(origins.length)]);
  }
}
