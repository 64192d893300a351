// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tagwatch.event.TaskKey;

/** What is written is read again, for random values; the repetition is the seed. */
class RoundTripTest {
  private static final int REPETITIONS = 100;

  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Protocol.MESSAGE_MAX]);
  private Random random;
  private ByteOrder order;

  private void seed(RepetitionInfo repetition) {
    random = new Random(repetition.getCurrentRepetition());
    order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    byte[] noise = new byte[buffer.capacity()];
    random.nextBytes(noise);
    // what lay there before must not show
    buffer.putBytes(0, noise);
  }

  private int u16() {
    return random.nextInt(0x10000);
  }

  private int tid() {
    return 1 + random.nextInt(Integer.MAX_VALUE);
  }

  private long time() {
    return random.nextLong() >>> 1;
  }

  @RepeatedTest(REPETITIONS)
  void shouldReadRequestsAsWritten(RepetitionInfo repetition) {
    seed(repetition);
    int tag = u16();
    int tid = tid();
    long session = random.nextLong();
    long time = time();
    int hook = random.nextInt(Protocol.HOOKS_MAX);
    new VerdictRequest()
        .order(order)
        .begin(buffer, Protocol.VERDICT, tag, session)
        .tid(tid)
        .kind(3)
        .scope(2)
        .startTime(time)
        .addHook(hook);
    VerdictRequest verdict = new VerdictRequest().order(order).wrap(buffer, 0, 104);
    assertThat(verdict.tag()).isEqualTo(tag);
    assertThat(verdict.session()).isEqualTo(session);
    assertThat(verdict.tid()).isEqualTo(tid);
    assertThat(verdict.startTime()).isEqualTo(time);
    for (int i = 0; i < Protocol.HOOKS_MAX; i++) {
      assertThat(verdict.hook(i)).isEqualTo(i == hook);
    }

    new ImageRequest()
        .order(order)
        .begin(buffer, Protocol.IMAGE, tag, session)
        .tid(tid)
        .flags(1)
        .startTime(time);
    ImageRequest image = new ImageRequest().order(order).wrap(buffer, 0, 40);
    assertThat(image.startTime()).isEqualTo(time);
    assertThat(image.tid()).isEqualTo(tid);

    int key = random.nextInt();
    new LegacyRequest().order(order).clear(buffer, 0).key(key).id(4).tag(tag).pid(tid);
    LegacyRequest legacy = new LegacyRequest().order(order).wrap(buffer, 0, 12);
    assertThat(legacy.key()).isEqualTo(key);
    assertThat(legacy.tag()).isEqualTo(tag);
    assertThat(legacy.pid()).isEqualTo(tid);
  }

  @RepeatedTest(REPETITIONS)
  void shouldReadImagesAsWritten(RepetitionInfo repetition) {
    seed(repetition);
    int slots = random.nextInt(Protocol.RING_SLOTS + 1);
    int features = random.nextInt(Protocol.FEATURES_MAX + 1);
    int length = Image.SIZE + slots * Image.slotSize(features);
    TaskKey key = new TaskKey(tid(), time());
    long sequence = slots + (time() >>> 1);
    Image written = new Image().order(order);
    written.begin(buffer, Protocol.IMAGE, 1, 2, length);
    new TaskRecord()
        .order(order)
        .clear(buffer, Image.TASK)
        .task(key.threadId(), key.startTimeNs())
        .sequence(sequence);
    written.slots(slots, features);
    long[] times = random.longs(slots).toArray();
    int[] hooks = random.ints(slots, 0, Protocol.HOOKS_MAX).toArray();
    int[][] values = new int[slots][];
    for (int i = 0; i < slots; i++) {
      values[i] = random.ints(features, 0, 0x10000).toArray();
      written.slot(i, times[i], hooks[i], values[i]);
    }

    Image read = new Image().order(order).wrap(buffer, 0, length);
    assertThat(read.task().task()).isEqualTo(key);
    assertThat(read.oldest()).isEqualTo(sequence - slots + 1);
    assertThat(read.count()).isEqualTo(slots);
    for (int i = 0; i < slots; i++) {
      assertThat(read.timeNs(i)).isEqualTo(times[i]);
      assertThat(read.hook(i)).isEqualTo(hooks[i]);
      for (int j = 0; j < features; j++) {
        assertThat(read.feature(i, j)).isEqualTo(values[i][j]);
      }
    }
  }

  @RepeatedTest(REPETITIONS)
  void shouldReadFeedsAsWritten(RepetitionInfo repetition) {
    seed(repetition);
    int count = random.nextInt(30);
    int[] features = random.ints(count, 0, Protocol.FEATURES_MAX + 1).toArray();
    int length = Feed.SIZE;
    for (int each : features) {
      length += FeedRecord.sizeOf(FeedRecord.EVENT, each);
    }
    int sequence = random.nextInt();
    new Feed()
        .order(order)
        .begin(buffer, Protocol.FEED, 7, 8, length)
        .sequence(sequence)
        .count(count);
    FeedRecord written = new FeedRecord().order(order);
    int at = Feed.SIZE;
    TaskKey[] keys = new TaskKey[count];
    int[] last = new int[count];
    for (int i = 0; i < count; i++) {
      keys[i] = new TaskKey(tid(), time());
      last[i] = u16();
      written.begin(buffer, at, FeedRecord.EVENT, features[i]);
      written.task(keys[i].threadId(), keys[i].startTimeNs()).sequence(i);
      if (features[i] > 0) {
        written.feature(features[i] - 1, last[i]);
      }
      at += written.size();
    }

    Feed feed = new Feed().order(order).wrap(buffer, 0, length);
    FeedRecord read = new FeedRecord().order(order);
    int[] seen = {0};
    feed.forEach(
        FeedRecord.SIZE,
        (offset, size) -> {
          int i = seen[0]++;
          read.wrap(buffer, offset, size);
          assertThat(read.task()).isEqualTo(keys[i]);
          assertThat(read.sequence()).isEqualTo(i);
          assertThat(read.features()).isEqualTo(features[i]);
          if (features[i] > 0) {
            assertThat(read.feature(features[i] - 1)).isEqualTo(last[i]);
          }
        });
    assertThat(seen[0]).isEqualTo(count);
    assertThat(feed.sequence()).isEqualTo(sequence);
  }

  @RepeatedTest(REPETITIONS)
  void shouldReadMessagesOf2020AsWritten(RepetitionInfo repetition) {
    seed(repetition);
    int[] features = random.ints(random.nextInt(100), 0, 0x10000).toArray();
    int start = random.nextInt(100);
    int pid = u16();
    int sequence = u16();
    int size = new LegacyRecord().order(order).put(buffer, pid, 5, 200, start, features, sequence);
    LegacyRecord record = new LegacyRecord().order(order).wrap(buffer, 0, size);
    assertThat(size).isEqualTo(2 * (features.length + 7));
    assertThat(record.pid()).isEqualTo(pid);
    assertThat(record.sequence()).isEqualTo(sequence);
    assertThat(record.features()).isEqualTo(features.length);
    for (int i = 0; i < features.length; i++) {
      assertThat(record.feature(i)).isEqualTo(features[i]);
    }

    int[] payload = random.ints(128, 0, 0x10000).toArray();
    LegacyReply reply = new LegacyReply().order(order).clear(buffer, 0).id(3).sequence(sequence);
    for (int i = 0; i < 128; i++) {
      reply.payload(i, payload[i]);
    }
    reply = new LegacyReply().order(order).wrap(buffer, 0, 272);
    assertThat(reply.sequence()).isEqualTo(sequence);
    for (int i = 0; i < 128; i++) {
      assertThat(reply.payload(i)).isEqualTo(payload[i]);
    }
  }
}
