// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;

/** Every record as a line of text, so that two recordings can be compared. */
final class Transcript implements RecordingVisitor {
  final List<String> lines = new ArrayList<>();
  final List<RecordingException> causes = new ArrayList<>();
  long events;
  long unknown;

  static Transcript of(RecordingReader reader) throws IOException {
    Transcript transcript = new Transcript();
    while (reader.read(transcript, 100) > 0) {
      // until the end
    }
    return transcript;
  }

  @Override
  public void taskStarted(int task, TaskStart start) {
    lines.add("started " + task + " " + start);
  }

  @Override
  public void taskExecuted(int task, Executable executable, long timestampNs) {
    lines.add("executed " + task + " " + executable + " @" + timestampNs);
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
    StringBuilder line = new StringBuilder("event " + task + " " + hookId + " #" + sequence);
    for (int i = 0; i < length; i += 2) {
      line.append(' ').append(features.getShort(offset + i) & 0xffff);
    }
    if (features.order() != ByteOrder.nativeOrder()) {
      line.append(" in foreign byte order");
    }
    lines.add(line + " @" + timestampNs);
    events++;
  }

  @Override
  public void gap(int task, long lost) {
    lines.add("gap " + task + " " + lost);
  }

  @Override
  public void taskExited(int task, long timestampNs, long lastSequence) {
    lines.add("exited " + task + " #" + lastSequence + " @" + timestampNs);
  }

  @Override
  public void beacon(long timestampNs, long wallClockNs) {
    lines.add("beacon " + wallClockNs + " @" + timestampNs);
  }

  @Override
  public void skipped(long count, RecordingException cause) {
    lines.add("skipped " + count);
    unknown += count;
    causes.add(cause);
  }
}
