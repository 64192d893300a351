// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingVisitor;
import tagwatch.recording.TraceFile.Trace;

/**
 * A task as it was recorded, for methods that know nothing of sessions.
 *
 * @param start how it came
 * @param ids its own events
 * @param execs programs that it ran, each with the number of its events before
 */
record RecordedTask(TaskStart start, List<Integer> ids, List<Exec> execs) {

  /** A program that a task ran after so many events. */
  record Exec(String path, int after) {}

  Trace trace() {
    return new Trace(start.task().toString(), ids.stream().mapToInt(Integer::intValue).toArray());
  }

  Optional<TaskKey> parent() {
    return start.parent();
  }

  /** All tasks of a recording, those without events included. */
  static List<RecordedTask> read(Path file) throws IOException {
    Reader reader = new Reader();
    try (RecordingReader recording = RecordingReader.open(file)) {
      recording.read(reader, Integer.MAX_VALUE);
    }
    return reader.tasks;
  }

  private static final class Reader implements RecordingVisitor {
    private final List<RecordedTask> tasks = new ArrayList<>();
    private final Map<Integer, RecordedTask> live = new HashMap<>();

    @Override
    public void taskStarted(int task, TaskStart start) {
      RecordedTask recorded = new RecordedTask(start, new ArrayList<>(), new ArrayList<>());
      recorded.execs.add(new Exec(start.executable().path(), 0));
      tasks.add(recorded);
      live.put(task, recorded);
    }

    @Override
    public void taskExecuted(int task, Executable executable, long timestampNs) {
      RecordedTask recorded = live.get(task);
      recorded.execs.add(new Exec(executable.path(), recorded.ids.size()));
    }

    @Override
    public void event(
        int task,
        int hookId,
        long sequence,
        long timestampNs,
        ByteBuffer features,
        int offset,
        int length) {
      live.get(task).ids.add(hookId);
    }

    @Override
    public void gap(int task, long lost) {}

    @Override
    public void taskExited(int task, long timestampNs, long lastSequence) {
      live.remove(task);
    }

    @Override
    public void beacon(long timestampNs, long wallClockNs) {}

    @Override
    public void skipped(long events, RecordingException cause) {}
  }
}
