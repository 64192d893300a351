// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.Objects;

/**
 * One feature of a hook's arguments. An event carries its hook's features as unsigned 16-bit slots,
 * in the order in which the {@link Hook} lists them.
 *
 * @param name name of the argument that it is taken from, e.g. {@code path} or {@code prot}
 * @param type what the slot's value means
 */
public record Feature(String name, FeatureType type) {
  /** Both parts are required. */
  public Feature {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  @Override
  public String toString() {
    return name + ":" + type.label();
  }
}
