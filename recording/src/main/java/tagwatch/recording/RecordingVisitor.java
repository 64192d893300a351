// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;

/**
 * Receives the records of a recording in the order in which they were written, on the thread that
 * reads.
 */
@ConsumerType
public interface RecordingVisitor {
  /**
   * A task comes into view.
   *
   * @param task its number in all further calls, 0–4,194,303, small numbers first; free for another
   *     task after {@link #taskExited}. If the number is in use, the earlier task's end was in a
   *     part that had to be skipped.
   * @param start as written; with the origin {@link TaskStart.Origin#RESUMED} if its start was in a
   *     part that had to be skipped
   */
  void taskStarted(int task, TaskStart start);

  /** The task's process runs another program now. */
  void taskExecuted(int task, Executable executable, long timestampNs);

  /**
   * One event.
   *
   * @param task number of its task
   * @param hookId in the recording's vocabulary
   * @param sequence the task's own count
   * @param timestampNs nanoseconds since boot
   * @param features holds the slots, 16 bits each in native byte order; only valid during the call
   * @param offset of the first slot in bytes
   * @param length in bytes, even
   */
  void event(
      int task,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length);

  /** So many events of the task were lost for good before its next one. */
  void gap(int task, long lost);

  /** The task is gone. */
  void taskExited(int task, long timestampNs, long lastSequence);

  /** The wall clock (nanoseconds since 1970) at a time since boot. */
  void beacon(long timestampNs, long wallClockNs);

  /**
   * A part was skipped; only with {@link DamagePolicy#SALVAGE}.
   *
   * @param events that were in it; -1 if nothing readable follows that would tell
   * @param cause what is wrong with it
   */
  void skipped(long events, RecordingException cause);
}
