// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.nio.ByteBuffer;
import tagwatch.event.TaskStart;
import tagwatch.transport.EventSink;

/** A task of the replay, with the last events that a kernel would keep of it. */
final class ReplayedTask {
  /** Events in an image, as many as the kernel's. */
  static final int IMAGE = 128;

  private static final int MASK = IMAGE - 1;

  /** Ring position of an event that did not fit into the ring. */
  static final long NOT_IN_RING = -1;

  private static final long NONE_YET = Long.MIN_VALUE;

  private final TaskStart start;
  private final ReplayedProcess process;
  private final EventStore image;
  private final long[] ringPositions = new long[IMAGE];
  private long imaged;
  private long expected = NONE_YET;
  private long suppressed;
  private long announcedGap;
  private boolean announced;
  private int handle;

  ReplayedTask(TaskStart start, ReplayedProcess process, EventStore image) {
    this.start = start;
    this.process = process;
    this.image = image;
  }

  TaskStart start() {
    return start;
  }

  ReplayedProcess process() {
    return process;
  }

  EventStore image() {
    return image;
  }

  boolean announced() {
    return announced;
  }

  void announce() {
    announced = true;
  }

  int handle() {
    return handle;
  }

  void handle(int issued) {
    handle = issued;
  }

  boolean refused() {
    return handle == EventSink.REFUSED;
  }

  /** Notes a loss that the recording tells of. */
  void gap(long lost) {
    announcedGap += lost;
  }

  /** Events that the recording misses before this one, beyond those it told of. */
  long missingBefore(long sequence) {
    long missing = expected == NONE_YET ? 0 : Math.max(0, sequence - expected);
    return Math.max(0, missing - announcedGap);
  }

  /** Takes an event and returns the sequence to emit it with. */
  long emit(long sequence) {
    expected = sequence + 1;
    announcedGap = 0;
    return sequence - suppressed;
  }

  /** Takes an event that is not emitted: later ones close up, a jump would look like a loss. */
  void suppress(long sequence) {
    suppressed += expected == NONE_YET ? 1 : sequence + 1 - expected;
    expected = sequence + 1;
  }

  /** The last sequence as the sink should see it. */
  long lastSequence(long recorded) {
    return (process.blocked() && expected != NONE_YET ? expected - 1 : recorded) - suppressed;
  }

  /** The last sequence that was emitted; 0 before the first. */
  long lastEmitted() {
    return expected == NONE_YET ? 0 : expected - 1 - suppressed;
  }

  void keep(
      int hookId,
      long sequence,
      long timestampNs,
      ByteBuffer slots,
      int offset,
      int length,
      long ringPosition) {
    int at = (int) imaged & MASK;
    image.put(at, hookId, sequence, timestampNs, slots, offset, length);
    ringPositions[at] = ringPosition;
    imaged++;
  }

  /**
   * Copies the image, oldest first, up to the first event that still waits in the ring: what the
   * ring will deliver must not be taken for lost.
   *
   * @return how many were copied
   */
  int copyImage(EventStore to, long ringHead) {
    long from = Math.max(0, imaged - IMAGE);
    int count = 0;
    for (long i = from; i < imaged; i++) {
      int at = (int) i & MASK;
      if (ringPositions[at] >= ringHead) {
        break;
      }
      to.putFrom(image, at, count++);
    }
    return count;
  }
}
