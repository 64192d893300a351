// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import tagwatch.event.TaskKey;

/** Flyweight over a {@code struct tw_image}: what the kernel keeps of one task. */
final class Image {
  private ByteBuffer buffer;
  private int offset;

  /** Shows the image of each task that an iterator walks over; the same object each time. */
  static void ofAll(BpfIterator iterator, Consumer<Image> each) throws NativeException {
    Image image = new Image();
    try (Walk walk = iterator.walk(Layout.IMAGE_SIZE)) {
      for (ByteBuffer part = walk.next(); part.hasRemaining(); part = walk.next()) {
        for (int at = 0; at < part.limit(); at += Layout.IMAGE_SIZE) {
          each.accept(image.wrap(part, at));
        }
      }
    }
  }

  /** A copy that knows who the task is, and nothing of its events. */
  Image identity() {
    ByteBuffer head = ByteBuffer.allocate(Layout.IMAGE_STATE + Layout.STATE_SLOTS);
    for (int at = 0; at < head.capacity(); at++) {
      head.put(at, buffer.get(offset + at));
    }
    return new Image().wrap(head.order(buffer.order()), 0);
  }

  Image wrap(ByteBuffer image, int at) {
    buffer = image;
    offset = at;
    return this;
  }

  TaskKey task() {
    return new TaskKey(word(Layout.STATE_TID), wide(Layout.STATE_START));
  }

  TaskKey process() {
    return new TaskKey(word(Layout.STATE_TGID), wide(Layout.STATE_LEADER_START));
  }

  /** Null if no tagged task forked it. */
  TaskKey parent() {
    int tid = word(Layout.STATE_PARENT_TID);
    return tid == 0 ? null : new TaskKey(tid, wide(Layout.STATE_PARENT_START));
  }

  int tag() {
    return Short.toUnsignedInt(buffer.getShort(offset + Layout.IMAGE_STATE + Layout.STATE_TAG));
  }

  int origin() {
    return buffer.getShort(offset + Layout.IMAGE_STATE + Layout.STATE_ORIGIN);
  }

  boolean exited() {
    return word(Layout.STATE_EXITED) != 0;
  }

  /** True if the kernel sent it because the task ends, not because somebody asked. */
  boolean last() {
    return buffer.getInt(offset + Layout.EVENT_ID) == Layout.TASK_EXIT;
  }

  long timestampNs() {
    return buffer.getLong(offset + Layout.EVENT_TIME);
  }

  /**
   * Sequence of the newest event in it: read before the rest was copied. The copy's own sequence
   * may be newer, but the kernel puts only this one on the agent's account.
   */
  long newest() {
    return buffer.getLong(offset + Layout.EVENT_SEQUENCE);
  }

  /**
   * Sequence of the oldest event that can be trusted; {@link #newest()} + 1 if there is none. The
   * task may have gone on while it was copied, and be writing one event more right now.
   */
  long oldest() {
    long after = buffer.getLong(offset + Layout.IMAGE_SEQUENCE_AFTER);
    long writing = last() ? after : after + 1;
    return Math.min(Math.max(1, writing - Layout.RING_SLOTS + 1), newest() + 1);
  }

  /** Events up to here were on some agent's account before. */
  long fetchedBefore() {
    return buffer.getLong(offset + Layout.IMAGE_FETCHED_BEFORE);
  }

  boolean descendsFrom(TaskKey ancestor) {
    for (int i = 0; i < Layout.LINEAGE; i++) {
      int at = Layout.STATE_LINEAGE + i * Layout.PROCESS_SIZE;
      if (word(at) == ancestor.threadId()
          && wide(at + Layout.PROCESS_START) == ancestor.startTimeNs()) {
        return true;
      }
    }
    return false;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  int hookId(long sequence) {
    return buffer.getInt(slot(sequence) + Layout.SLOT_ID);
  }

  long timeOf(long sequence) {
    return buffer.getLong(slot(sequence) + Layout.SLOT_TIME);
  }

  int featuresOf(long sequence) {
    return slot(sequence) + Layout.SLOT_FEATURES;
  }

  private int slot(long sequence) {
    int index = (int) (sequence & (Layout.RING_SLOTS - 1));
    return offset + Layout.IMAGE_STATE + Layout.STATE_SLOTS + index * Layout.SLOT_SIZE;
  }

  private int word(int at) {
    return buffer.getInt(offset + Layout.IMAGE_STATE + at);
  }

  private long wide(int at) {
    return buffer.getLong(offset + Layout.IMAGE_STATE + at);
  }
}
