// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * What is new in an image of 2020, which has no sequence: the shortest shift that lays the image
 * before over this one. Exact until the ring wraps; if several shifts fit, e.g. for a task that
 * does the same again and again, the one with the fewest new events.
 */
final class ImageOverlap {
  private final int[] before = new int[Protocol.RING_SLOTS];
  private final int[] now = new int[Protocol.RING_SLOTS];
  private int countBefore;
  private int count;

  /** Takes the next image; zeros in front are no events. */
  void next(LegacyReply reply) {
    System.arraycopy(now, 0, before, 0, count);
    countBefore = count;
    int first = 0;
    while (first < Protocol.RING_SLOTS && reply.payload(first) == 0) {
      first++;
    }
    count = Protocol.RING_SLOTS - first;
    for (int i = 0; i < count; i++) {
      now[i] = reply.payload(first + i);
    }
  }

  /** How many events at the end are new; -1 if nothing of the image before is left. */
  int fresh() {
    if (countBefore == 0) {
      return count;
    }
    for (int fresh = 0; fresh < count; fresh++) {
      if (fits(count - fresh)) {
        return fresh;
      }
    }
    return count == 0 ? 0 : -1;
  }

  /** Whether the first {@code kept} events are the last ones of the image before. */
  private boolean fits(int kept) {
    if (kept > countBefore || (count < Protocol.RING_SLOTS && kept != countBefore)) {
      return false;
    }
    for (int i = 0; i < kept; i++) {
      if (before[countBefore - kept + i] != now[i]) {
        return false;
      }
    }
    return true;
  }

  int count() {
    return count;
  }

  int hook(int index) {
    return now[index];
  }
}
