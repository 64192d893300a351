// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.transport.ImageSink;

/**
 * What one call for a behaviour image brings of a range of sequences, copied. It belongs to the
 * call: a source that goes on writing after it changes nothing that counts.
 */
final class Image implements ImageSink {
  private static final int MAX_EVENTS = 8192;
  private static final int MAX_SLOT_BYTES = 2048;

  /** An event of the image. */
  record Entry(int hookId, long sequence, long timeNs, DirectBuffer slots, int length) {}

  private final List<Entry> entries = new ArrayList<>();
  private final long before;
  private final boolean missing;
  private long last;
  private boolean closed;

  /**
   * @param after last sequence that is known
   * @param before first sequence that is not wanted
   * @param missing whether what is in between was missing, and is hereby delivered
   */
  Image(long after, long before, boolean missing) {
    this.last = after;
    this.before = before;
    this.missing = missing;
  }

  @Override
  public synchronized boolean event(
      int hookId, long sequence, long timeNs, ByteBuffer features, int offset, int length) {
    if (closed
        || sequence <= last
        || sequence >= before
        || length > MAX_SLOT_BYTES
        || entries.size() >= MAX_EVENTS) {
      return false;
    }
    last = sequence;
    ByteBuffer from = features.duplicate().order(ByteOrder.nativeOrder());
    UnsafeBuffer slots = new UnsafeBuffer(new byte[length]);
    for (int i = 0; i < length; i += Short.BYTES) {
      slots.putShort(i, from.getShort(offset + i));
    }
    entries.add(new Entry(hookId, sequence, timeNs, slots, length));
    return missing;
  }

  /** The events, oldest first; there will be no more. */
  synchronized List<Entry> entries() {
    closed = true;
    return List.copyOf(entries);
  }
}
