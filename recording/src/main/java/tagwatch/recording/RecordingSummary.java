// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is in a recording.
 *
 * @param events recorded events
 * @param tasks tasks that came into view
 * @param processes thread groups among them, counted by their leaders
 * @param lost events that the recorder knew to be lost (gaps)
 * @param tags of the tasks, ascending
 * @param firstTimestampNs nanoseconds since boot of the earliest record; 0 if there is none
 * @param lastTimestampNs nanoseconds since boot of the latest record
 * @param complete whether the recording was closed in order
 * @param usableBytes length of the file up to the end of its last whole block
 * @param tornBytes what lies behind that: a block that was being written when the writer died; 0
 *     for a complete recording
 */
public record RecordingSummary(
    long events,
    long tasks,
    long processes,
    long lost,
    Set<Integer> tags,
    long firstTimestampNs,
    long lastTimestampNs,
    boolean complete,
    long usableBytes,
    long tornBytes) {

  /** Copies the set. */
  public RecordingSummary {
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  /** Nanoseconds from the first to the last record. */
  public long durationNs() {
    return lastTimestampNs - firstTimestampNs;
  }

  @Override
  public String toString() {
    return events
        + " events, "
        + tasks
        + " tasks, "
        + processes
        + " processes, tags "
        + tags
        + ", "
        + durationNs() / 1_000_000
        + " ms, "
        + (complete ? "complete" : "torn at offset " + usableBytes);
  }
}
