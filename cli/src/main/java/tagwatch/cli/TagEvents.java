// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingVisitor;

/** How many events of each tag recordings hold; a recording's own summary knows only the sum. */
final class TagEvents implements RecordingVisitor {
  private final Map<Integer, Long> events = new TreeMap<>();
  private final Map<Integer, Integer> tagOfTask = new HashMap<>();

  private TagEvents() {}

  static TagEvents count(Collection<Path> recordings) throws IOException {
    TagEvents counted = new TagEvents();
    for (Path recording : recordings) {
      counted.tagOfTask.clear();
      try (RecordingReader reader = RecordingReader.open(recording)) {
        while (reader.next(counted)) {
          // counting is all there is to do
        }
      }
    }
    return counted;
  }

  Set<Integer> tags() {
    return events.keySet();
  }

  long of(int tag) {
    return events.getOrDefault(tag, 0L);
  }

  @Override
  public void taskStarted(int task, TaskStart start) {
    tagOfTask.put(task, start.tag());
    events.putIfAbsent(start.tag(), 0L);
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
    events.merge(tagOfTask.get(task), 1L, Long::sum);
  }

  @Override
  public void taskExecuted(int task, Executable executable, long timestampNs) {}

  @Override
  public void gap(int task, long lost) {}

  @Override
  public void taskExited(int task, long timestampNs, long lastSequence) {
    tagOfTask.remove(task);
  }

  @Override
  public void beacon(long timestampNs, long wallClockNs) {}

  @Override
  public void skipped(long skipped, RecordingException cause) {}
}
