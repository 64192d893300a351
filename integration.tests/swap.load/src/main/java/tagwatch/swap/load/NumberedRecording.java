// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;

/**
 * Recordings of {@link Numbering#TASKS} processes whose events say which they are, one event of
 * each process in turn.
 */
final class NumberedRecording {
  private static final long BEGIN_NS = 1_000_000_000L;
  private static final long STEP_NS = 1_000;

  /** Thread id of the first process; the others follow. */
  static final int FIRST_THREAD = 20_000;

  private static final int TRAINING_EVENTS = 75;

  private NumberedRecording() {}

  /**
   * Writes one to replay: every process from its first event.
   *
   * @param events of each process
   */
  static void write(Path file, int tag, int events) throws IOException {
    write(file, tag, Numbering.TASKS, events, 0);
  }

  /** Writes one to learn from: few events, but every hook among them. */
  static void writeTraining(Path file, int tag) throws IOException {
    int names = Numbering.TASKS * Numbering.LIVES;
    write(file, tag, names, TRAINING_EVENTS, Numbering.PERIOD / names);
  }

  private static void write(Path file, int tag, int names, int events, int stagger)
      throws IOException {
    RecordingHeader header =
        new RecordingHeader(
            5, BEGIN_NS, "test", "numbered", Numbering.vocabulary(), Map.of("load", "numbered"));
    ByteBuffer none = ByteBuffer.allocate(0);
    try (RecordingWriter writer = RecordingWriter.open(file, header, RecordingOptions.DEFAULT)) {
      int[] numbers = new int[names];
      for (int name = 0; name < names; name++) {
        numbers[name] = writer.taskStarted(start(name, tag));
      }
      long nowNs = BEGIN_NS;
      for (int count = 0; count < events; count++) {
        for (int name = 0; name < names; name++) {
          nowNs += STEP_NS;
          int hook = Numbering.hook(name, (long) name * stagger + count);
          writer.event(numbers[name], hook, count + 1L, nowNs, none, 0, 0);
        }
      }
      for (int name = 0; name < names; name++) {
        writer.taskExited(numbers[name], nowNs, events);
      }
    }
  }

  private static TaskStart start(int name, int tag) {
    TaskKey key = new TaskKey(FIRST_THREAD + name, BEGIN_NS);
    return new TaskStart(
        key,
        key,
        Optional.empty(),
        tag,
        new Executable("/srv/numbered", ""),
        BEGIN_NS,
        TaskStart.Origin.EXECUTED);
  }
}
