// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import tagwatch.event.Executable;
import tagwatch.event.TaskKey;

/**
 * One live task.
 *
 * @param tag its tag
 * @param task the task
 * @param process leader of its thread group
 * @param parentThreadId thread id of the tagged task that forked it; 0 if none
 * @param executable the program it runs
 * @param events events of its own
 * @param score its anomaly score now, nats; NaN before the first
 * @param highest its highest anomaly score so far, nats; NaN before the first
 * @param verdict the verdict in force; empty if none
 */
public record SessionStatus(
    int tag,
    TaskKey task,
    TaskKey process,
    int parentThreadId,
    Executable executable,
    long events,
    float score,
    float highest,
    String verdict) {}
