// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.List;
import java.util.Objects;

/**
 * A place in the kernel that reports events.
 *
 * @param id the number that events carry; its meaning belongs to one {@link Vocabulary}
 * @param name the name by which models know it, e.g. {@code x86_64/openat} or {@code file_open}
 * @param features what an event of this hook carries, in slot order
 */
public record Hook(int id, String name, List<Feature> features) {
  /** Copies the list. */
  public Hook {
    Objects.requireNonNull(name, "name");
    features = List.copyOf(features);
  }
}
