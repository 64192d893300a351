// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@code struct twn_image} and its slots.
 *
 * <pre>
 *   32             104     106         108        110  112
 *   +--------------+-------+-----------+----------+----+----------------------
 *   | task (72)    | count | slot size | features | 0  | slots, oldest first
 *   +--------------+-------+-----------+----------+----+----------------------
 *
 *   one slot:  time (0, 64 bit) | hook (8, 16 bit) | 0 | features (16, 16 bit each)
 * </pre>
 */
final class Image extends Answer<Image> {
  static final int TASK = Answer.SIZE;
  static final int COUNT = TASK + TaskRecord.SIZE;
  static final int SLOT_SIZE = COUNT + Short.BYTES;
  static final int SLOT_FEATURES = SLOT_SIZE + Short.BYTES;
  static final int SIZE = SLOT_FEATURES + 2 * Short.BYTES;

  static final int SLOT_TIME = 0;
  static final int SLOT_HOOK = SLOT_TIME + Long.BYTES;
  static final int SLOT_FIRST_FEATURE = SLOT_HOOK + 4 * Short.BYTES;
  static final int SLOT_MINIMUM = SLOT_FIRST_FEATURE;

  private final TaskRecord task = new TaskRecord();
  private int count;
  private int slotSize;

  Image() {
    super(SIZE);
  }

  static int slotSize(int features) {
    return SLOT_MINIMUM + (features * Short.BYTES + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }

  @Override
  Image wrap(UnsafeBuffer bytes, int at, int available) {
    super.wrap(bytes, at, available);
    count = u16(COUNT);
    slotSize = u16(SLOT_SIZE);
    if (count > 0 && slotSize < slotSize(u16(SLOT_FEATURES))) {
      throw new MalformedMessageException(
          "slot size " + slotSize + " is too small for " + u16(SLOT_FEATURES) + " features");
    }
    require(SIZE + (long) count * slotSize);
    task.order(order()).wrap(buffer(), offset() + TASK, TaskRecord.SIZE);
    if (count > task.sequence()) {
      throw new MalformedMessageException(
          count + " slots of a task with " + task.sequence() + " events");
    }
    return this;
  }

  /** Says how many slots there are, after {@link #begin} with room for them. */
  Image slots(int slots, int features) {
    return u16(COUNT, slots)
        .u16(SLOT_SIZE, slotSize(features))
        .u16(SLOT_FEATURES, features)
        .wrap(buffer(), offset(), available());
  }

  TaskRecord task() {
    return task;
  }

  int count() {
    return count;
  }

  int features() {
    return u16(SLOT_FEATURES);
  }

  /** Sequence of the first slot; one more than the newest if there is none. */
  long oldest() {
    return task.sequence() - count + 1;
  }

  long timeNs(int slot) {
    return s64(slot(slot) + SLOT_TIME);
  }

  int hook(int slot) {
    return u16(slot(slot) + SLOT_HOOK);
  }

  /** Where the features of a slot lie in the buffer. */
  int featuresOffset(int slot) {
    return offset() + slot(slot) + SLOT_FIRST_FEATURE;
  }

  int feature(int slot, int number) {
    return u16(slot(slot) + SLOT_FIRST_FEATURE + number * Short.BYTES);
  }

  Image slot(int slot, long timeNs, int hook, int... features) {
    s64(slot(slot) + SLOT_TIME, timeNs).u16(slot(slot) + SLOT_HOOK, hook);
    for (int i = 0; i < features.length; i++) {
      u16(slot(slot) + SLOT_FIRST_FEATURE + i * Short.BYTES, features[i]);
    }
    return this;
  }

  private int slot(int slot) {
    return SIZE + slot * slotSize;
  }
}
