// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.List;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.policy.Detection;

/** The detection of an alert about a provider: nothing but the agent itself had a part in it. */
record ProviderDetection(int tag, TaskKey task, String modelVersion, long timestampNs)
    implements Detection {
  @Override
  public Cause cause() {
    return Cause.PROVIDER;
  }

  @Override
  public TaskKey process() {
    return task;
  }

  @Override
  public Executable executable() {
    return Executable.UNKNOWN;
  }

  @Override
  public boolean root() {
    return false;
  }

  @Override
  public float score() {
    return Float.NaN;
  }

  @Override
  public float threshold() {
    return Float.NaN;
  }

  @Override
  public List<Observation> window() {
    return List.of();
  }

  @Override
  public List<Observation> mostSurprising() {
    return List.of();
  }
}
