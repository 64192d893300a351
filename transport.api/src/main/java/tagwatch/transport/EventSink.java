// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;

/**
 * Where a source delivers. The drain thread calls; no method waits, allocates per event, or throws.
 * A task's calls come in this order: started, then events, executions and gaps, then exited.
 */
@ProviderType
public interface EventSink {
  /** Returned by {@link #taskStarted} for a task whose events nobody wants. */
  int REFUSED = -1;

  /**
   * A task comes into view.
   *
   * @return the handle for all further calls about this task, or {@link #REFUSED}
   */
  int taskStarted(TaskStart start);

  /** The task's process runs another program now. */
  void taskExecuted(int handle, Executable executable, long timestampNs);

  /**
   * One event.
   *
   * @param handle as issued for the task
   * @param hookId in the source's vocabulary
   * @param sequence the task's own count, one more than that of its event before; a jump is a loss
   * @param timestampNs nanoseconds since boot, suspend included
   * @param features holds the hook's feature slots, 16 bits each in native byte order; only valid
   *     during the call; its position and limit are of no meaning
   * @param offset of the first slot in bytes
   * @param length in bytes, even; 0 if the event carries none
   * @return false if there is no room: the event counts as lost, unless an image brings it later
   */
  boolean event(
      int handle,
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer features,
      int offset,
      int length);

  /**
   * So many events of the task are lost for good before the next one; for sources without images.
   */
  void gap(int handle, long lost);

  /**
   * The task is gone; the handle is free after this call.
   *
   * @param lastSequence the sequence of its last event, delivered or not
   */
  void taskExited(int handle, long timestampNs, long lastSequence);
}
