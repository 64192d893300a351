// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.util.Set;

/**
 * What to watch.
 *
 * @param tags the tags, at least one, each 0–65535
 * @param mode how events cross the border of the kernel
 */
public record Subscription(Set<Integer> tags, Mode mode) {

  /** How events cross the border of the kernel. */
  public enum Mode {
    /** Every event is sent as it happens. */
    LIVE,
    /** The kernel keeps the last events of each task; they cross when they are asked for. */
    SNAPSHOT
  }

  /** Copies the set; {@link IllegalArgumentException} for an empty set or a tag out of range. */
  public Subscription {
    tags = Set.copyOf(tags);
    if (tags.isEmpty()) {
      throw new IllegalArgumentException("no tag to watch");
    }
    for (int tag : tags) {
      if (tag < 0 || tag > 0xffff) {
        throw new IllegalArgumentException("tag out of range 0..65535: " + tag);
      }
    }
  }
}
