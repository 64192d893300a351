// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.Objects;
import java.util.Optional;

/**
 * A tagged task comes into view.
 *
 * @param task the task
 * @param process leader of its thread group; equal to {@code task} for the leader itself
 * @param parent the tagged task that forked it; empty for the first of its tree, or if unknown
 * @param tag 0–65535, inherited from the parent or read from the executable
 * @param executable the program it runs now
 * @param timestampNs nanoseconds since boot (suspend included) at which it came into view
 * @param origin how it came into view
 */
public record TaskStart(
    TaskKey task,
    TaskKey process,
    Optional<TaskKey> parent,
    int tag,
    Executable executable,
    long timestampNs,
    Origin origin) {

  /** How a task comes into view. */
  public enum Origin {
    /** It was forked by a tagged task; none of its events came before. */
    FORKED,
    /** It executed a tagged program. */
    EXECUTED,
    /**
     * It already ran when the source was opened for the first time; what it did before is unknown.
     */
    ADOPTED,
    /** An earlier agent watched it; the kernel went on recording in between. */
    RESUMED
  }

  /** Throws {@link IllegalArgumentException} if the tag does not fit 16 bits. */
  public TaskStart {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(executable, "executable");
    Objects.requireNonNull(origin, "origin");
    if (tag < 0 || tag > 0xffff) {
      throw new IllegalArgumentException("tag out of range 0..65535: " + tag);
    }
  }
}
