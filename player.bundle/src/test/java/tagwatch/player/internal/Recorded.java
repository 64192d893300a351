// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;

/** A recording file of a server with workers, threads, gaps and what an earlier agent had begun. */
final class Recorded {
  private static final int[] LOOP = {1, 2, 3, 0, 4, 5, 1, 2, 6, 7};

  private static final class Live {
    private final int number;
    private final TaskKey key;
    private long sequence;
    private int step;

    Live(int number, TaskKey key, int step) {
      this.number = number;
      this.key = key;
      this.step = step;
    }
  }

  private final RecordingWriter writer;
  private final SplittableRandom random;
  private final List<Live> live = new ArrayList<>();
  private long time = 1_000;
  private int nextId = 1;

  private Recorded(RecordingWriter writer, long seed) {
    this.writer = writer;
    this.random = new SplittableRandom(seed);
  }

  static Path write(Path file, long seed, int events) throws IOException {
    RecordingHeader header = new RecordingHeader(1, 1, "boot", "test", Scene.VOCABULARY, Map.of());
    try (RecordingWriter writer = RecordingWriter.open(file, header, RecordingOptions.DEFAULT)) {
      new Recorded(writer, seed).play(events);
    }
    return file;
  }

  private void play(int events) throws IOException {
    start(null, Origin.EXECUTED);
    start(null, Origin.RESUMED);
    live.get(1).sequence = 5000;
    for (int i = 0; i < events; i++) {
      int choice = random.nextInt(400);
      Live task = live.get(random.nextInt(live.size()));
      if (choice < 4 && live.size() < 20) {
        start(task, Origin.FORKED);
      } else if (choice < 7 && live.size() > 2 && task.number > 1) {
        writer.taskExited(task.number, time++, task.sequence);
        live.remove(task);
      } else if (choice == 7) {
        // the first is told of, the second is a jump only
        long lost = random.nextInt(1, 9);
        if (random.nextBoolean()) {
          writer.gap(task.number, lost);
        }
        task.sequence += lost;
      } else {
        event(task);
      }
    }
  }

  private void start(Live parent, Origin origin) throws IOException {
    TaskKey key = Scene.key(nextId++);
    boolean isThread = parent != null && random.nextInt(3) == 0;
    TaskStart start =
        new TaskStart(
            key,
            isThread ? parent.key : key,
            Optional.ofNullable(parent).map(it -> it.key),
            Scene.TAG,
            Scene.PROGRAM,
            time++,
            origin);
    live.add(new Live(writer.taskStarted(start), key, parent == null ? 0 : parent.step));
  }

  private void event(Live task) throws IOException {
    boolean strays = random.nextInt(60) == 0;
    int hook = strays ? random.nextInt(Scene.HOOKS) : LOOP[task.step++ % LOOP.length];
    Scene.SLOTS.putShort(0, (short) (hook == 0 ? random.nextInt(3) : 0));
    writer.event(
        task.number, hook, ++task.sequence, time++, Scene.SLOTS, 0, Scene.SLOTS.capacity());
    Scene.SLOTS.putShort(0, (short) 0);
  }
}
