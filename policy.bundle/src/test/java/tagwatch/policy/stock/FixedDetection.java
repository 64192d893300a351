// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.List;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.policy.Detection;

/** A detection of which only what a policy looks at varies. */
record FixedDetection(TaskKey process, int tag, boolean root, Executable executable)
    implements Detection {
  private static final Executable SHELL = new Executable("/bin/sh", "");

  static FixedDetection of(int process, int tag) {
    return new FixedDetection(new TaskKey(process, 1), tag, false, SHELL);
  }

  static FixedDetection root(int tag) {
    return new FixedDetection(new TaskKey(1, 1), tag, true, SHELL);
  }

  @Override
  public Cause cause() {
    return Cause.ANOMALY;
  }

  @Override
  public TaskKey task() {
    return process;
  }

  @Override
  public float score() {
    return 9;
  }

  @Override
  public float threshold() {
    return 3;
  }

  @Override
  public List<Observation> window() {
    return List.of();
  }

  @Override
  public List<Observation> mostSurprising() {
    return List.of();
  }

  @Override
  public String modelVersion() {
    return "1";
  }

  @Override
  public long timestampNs() {
    return 0;
  }
}
