// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;

/** What was detected, as a policy sees it. Immutable; any thread may call. */
@ProviderType
public interface Detection {
  /** Why it was raised. */
  enum Cause {
    /** The anomaly score is above the threshold. */
    ANOMALY,
    /** Gaps keep hiding what the task does. */
    REPEATED_GAPS,
    /**
     * A scorer, a policy or a transport misbehaved. Only told: no policy is asked, and the task is
     * the agent itself.
     */
    PROVIDER
  }

  /**
   * An event of the anomalous window.
   *
   * @param sequence the task's own count
   * @param hook name of the hook with its features, e.g. {@code x86_64/openat path=etc}
   * @param surprise nats; NaN if the event was not scored
   */
  record Observation(long sequence, String hook, float surprise) {}

  /** Why it was raised. */
  Cause cause();

  /** The task. */
  TaskKey task();

  /** Leader of the task's thread group. */
  TaskKey process();

  /** Its tag. */
  int tag();

  /** The program it runs. */
  Executable executable();

  /**
   * Whether the process is the first of its tree, e.g. a server's listener: its end ends the
   * service.
   */
  boolean root();

  /** Mean surprise over the rolling window, nats. */
  float score();

  /** What the score exceeds, nats. */
  float threshold();

  /** The model's rolling window at the time, oldest first. */
  List<Observation> window();

  /** The window's most surprising events, most surprising first. */
  List<Observation> mostSurprising();

  /** Version of the model that scored. */
  String modelVersion();

  /** Nanoseconds since boot of the event that crossed the threshold. */
  long timestampNs();
}
