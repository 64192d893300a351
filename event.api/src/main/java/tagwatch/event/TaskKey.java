// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

/**
 * A task (thread) for as long as the machine runs: thread ids are reused, the pair is not.
 *
 * @param threadId the kernel's {@code task_struct.pid}; equal to the process id for a group leader
 * @param startTimeNs nanoseconds between boot and the start of the task, suspend included ({@code
 *     task_struct.start_boottime})
 */
public record TaskKey(int threadId, long startTimeNs) {

  /** Throws {@link IllegalArgumentException} for a thread id below 1 or a negative start time. */
  public TaskKey {
    if (threadId < 1 || startTimeNs < 0) {
      throw new IllegalArgumentException(
          "not a task: threadId=" + threadId + " startTimeNs=" + startTimeNs);
    }
  }
}
