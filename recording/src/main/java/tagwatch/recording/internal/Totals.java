// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;
import tagwatch.event.TaskStart;
import tagwatch.recording.RecordingSummary;

/**
 * What a summary says, counted by the writer, written into the end block, checked by the reader.
 */
public final class Totals {
  private static final int TAGS = 1 << 16;

  private final BitSet tags = new BitSet();
  private long events;
  private long tasks;
  private long processes;
  private long lost;
  private long firstNs = Long.MAX_VALUE;
  private long lastNs = Long.MIN_VALUE;

  /** Counts an event. */
  public void event(long timestampNs) {
    events++;
    time(timestampNs);
  }

  /** Counts a task and its tag. */
  public void started(TaskStart start) {
    tasks++;
    if (start.task().equals(start.process())) {
      processes++;
    }
    tags.set(start.tag());
    time(start.timestampNs());
  }

  /** Counts a gap. */
  public void gap(long count) {
    lost += count;
  }

  /** Notes a time since boot. */
  public void time(long timestampNs) {
    firstNs = Math.min(firstNs, timestampNs);
    lastNs = Math.max(lastNs, timestampNs);
  }

  /** Events so far. */
  public long events() {
    return events;
  }

  /** As a summary of a file of which so much is usable and so much is torn. */
  public RecordingSummary summary(boolean complete, long usableBytes, long tornBytes) {
    Set<Integer> all = tags.stream().boxed().collect(Collectors.toSet());
    boolean empty = lastNs == Long.MIN_VALUE;
    return new RecordingSummary(
        events,
        tasks,
        processes,
        lost,
        all,
        empty ? 0 : firstNs,
        empty ? 0 : lastNs,
        complete,
        usableBytes,
        tornBytes);
  }

  void write(Column to) {
    to.varint(events);
    to.varint(tasks);
    to.varint(processes);
    to.varint(lost);
    to.signed(firstNs);
    to.signed(lastNs);
    to.varint(tags.cardinality());
    tags.stream().forEach(to::varint);
  }

  /** Reads the payload of an end block. */
  static Totals read(byte[] bytes, int length) throws MalformedException {
    ColumnCursor from = new ColumnCursor("end block").wrap(bytes, 0, length);
    Totals totals = new Totals();
    totals.events = from.varint();
    totals.tasks = from.varint();
    totals.processes = from.varint();
    totals.lost = from.varint();
    totals.firstNs = from.signed();
    totals.lastNs = from.signed();
    for (int left = from.count("tags"); left > 0; left--) {
      totals.tags.set(from.bounded("tag", TAGS - 1));
    }
    from.expectEnd();
    return totals;
  }
}
