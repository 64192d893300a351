// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ImageOverlapTest {
  private final ImageOverlap overlap = new ImageOverlap();

  private int next(int... events) {
    LegacyReply reply = new LegacyReply().clear(new UnsafeBuffer(new byte[LegacyReply.SIZE]), 0);
    int kept = Math.min(events.length, 128);
    for (int i = 0; i < kept; i++) {
      reply.payload(128 - kept + i, events[events.length - kept + i]);
    }
    overlap.next(reply);
    return overlap.fresh();
  }

  @Test
  void shouldCountExactlyUntilTheRingWraps() {
    assertThat(next()).isZero();
    assertThat(next(5, 5)).isEqualTo(2);
    assertThat(next(5, 5)).isZero();
    // the same again and again: only the count tells
    assertThat(next(5, 5, 5, 5, 5)).isEqualTo(3);
  }

  @Test
  void shouldTakeTheFewestEventsOfATaskThatRepeatsItself() {
    int[] full = new int[128];
    Arrays.fill(full, 5);
    next(full);
    assertThat(next(full)).isZero();
  }

  @Test
  void shouldSayWhenNothingIsLeft() {
    int[] first = new Random(1).ints(128, 3, 100).toArray();
    int[] second = new Random(2).ints(128, 100, 200).toArray();
    next(first);
    assertThat(next(second)).isEqualTo(-1);
  }

  /** Steps of random length through random events: each is new exactly once. */
  @RepeatedTest(50)
  void shouldFindEveryUnseenEventOnce(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int[] all = random.ints(2000, 3, 210).toArray();
    int seen = 0;
    while (seen < all.length) {
      int upTo = Math.min(all.length, seen + random.nextInt(100));
      assertThat(next(Arrays.copyOf(all, upTo))).isEqualTo(upTo - seen);
      seen = upTo;
    }
  }
}
