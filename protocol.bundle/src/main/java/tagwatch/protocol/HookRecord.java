// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;

/**
 * {@code struct twn_hook} and its features.
 *
 * <pre>
 *   0      2    4       6          8             56
 *   +------+----+-------+----------+-------------+----------------
 *   | size | id | flags | features | name (48)   | features
 *   +------+----+-------+----------+-------------+----------------
 *
 *   one feature:  type (0, 16 bit) | 0 (2) | name (4, 28 bytes)
 * </pre>
 */
final class HookRecord extends Flyweight<HookRecord> {
  static final int RECORD_SIZE = 0;
  static final int ID = RECORD_SIZE + Short.BYTES;
  static final int FLAGS = ID + Short.BYTES;
  static final int FEATURES = FLAGS + Short.BYTES;
  static final int NAME = FEATURES + Short.BYTES;
  static final int SIZE = NAME + Protocol.NAME_MAX;

  static final int FEATURE_TYPE = 0;
  static final int FEATURE_NAME = FEATURE_TYPE + 2 * Short.BYTES;
  static final int FEATURE_SIZE = FEATURE_NAME + Protocol.FEATURE_NAME_MAX;

  private static final List<FeatureType> TYPES = List.of(FeatureType.values());

  HookRecord() {
    super(SIZE);
  }

  boolean canDeny() {
    return (u16(FLAGS) & Protocol.HOOK_CAN_DENY) != 0;
  }

  Hook hook() {
    int id = u16(ID);
    int count = u16(FEATURES);
    String name = text(NAME, Protocol.NAME_MAX);
    if (id >= Protocol.HOOKS_MAX || count > Protocol.FEATURES_MAX || name.isEmpty()) {
      throw new MalformedMessageException(
          "hook id=" + id + " features=" + count + " name='" + name + "'");
    }
    require(SIZE + (long) count * FEATURE_SIZE);
    List<Feature> features = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = SIZE + i * FEATURE_SIZE;
      int type = u16(at + FEATURE_TYPE);
      features.add(
          new Feature(
              text(at + FEATURE_NAME, Protocol.FEATURE_NAME_MAX),
              // a type that this agent does not know yet is still a number to tell apart
              type < TYPES.size() ? TYPES.get(type) : FeatureType.FLAGS));
    }
    return new Hook(id, name, features);
  }

  /** Writes a hook and returns the bytes that it took. */
  int put(UnsafeBuffer bytes, int at, Hook hook, boolean canDeny) {
    int size = SIZE + hook.features().size() * FEATURE_SIZE;
    bytes.setMemory(at, size, (byte) 0);
    wrap(bytes, at, size)
        .u16(RECORD_SIZE, size)
        .u16(ID, hook.id())
        .u16(FLAGS, canDeny ? Protocol.HOOK_CAN_DENY : 0)
        .u16(FEATURES, hook.features().size())
        .text(NAME, Protocol.NAME_MAX, hook.name());
    for (int i = 0; i < hook.features().size(); i++) {
      Feature feature = hook.features().get(i);
      u16(SIZE + i * FEATURE_SIZE + FEATURE_TYPE, TYPES.indexOf(feature.type()));
      text(SIZE + i * FEATURE_SIZE + FEATURE_NAME, Protocol.FEATURE_NAME_MAX, feature.name());
    }
    return size;
  }
}
