// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingWriter;

/**
 * A process whose events come from elsewhere: one task, about which nothing but its events is
 * known. Times are made up, one microsecond an event, because the order is all that there is.
 */
final class ImportedProcess {
  static final int EVENT_NS = 1_000;

  private final RecordingWriter writer;
  private final int task;
  private long sequence;

  ImportedProcess(RecordingWriter writer, int processId, int tag, String name, long timeNs)
      throws IOException {
    this.writer = writer;
    TaskKey key = new TaskKey(processId, timeNs);
    this.task =
        writer.taskStarted(
            new TaskStart(
                key,
                key,
                Optional.empty(),
                tag,
                new Executable(name, ""),
                timeNs,
                TaskStart.Origin.ADOPTED));
  }

  void event(int hookId, ByteBuffer features, int length, long timeNs) throws IOException {
    writer.event(task, hookId, ++sequence, timeNs, features, 0, length);
  }

  /** So many events are missing here; 0 if it is not known that they are this process's. */
  void gap(long lost) throws IOException {
    writer.gap(task, lost);
    sequence += lost;
  }

  void exit(long timeNs) throws IOException {
    writer.taskExited(task, timeNs, sequence);
  }
}
