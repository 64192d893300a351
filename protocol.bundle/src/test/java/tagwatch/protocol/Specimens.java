// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;

/** Well-formed messages from the kernel with random contents, and reading all there is in one. */
final class Specimens {
  private static final int TAG = 13107;

  private final Random random;
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Protocol.MESSAGE_MAX]);

  Specimens(Random random) {
    this.random = random;
  }

  /** One of each kind. */
  List<byte[]> all() {
    List<byte[]> messages = new ArrayList<>();
    messages.add(new byte[] {'A', 'C', 'K'});
    messages.add(legacyReply());
    messages.add(legacyRecord());
    messages.add(plain());
    messages.add(hello());
    messages.add(registered());
    messages.add(status());
    messages.add(image());
    messages.add(tasks());
    messages.add(verdicts());
    messages.add(hooks());
    messages.add(feed());
    return messages;
  }

  private byte[] taken(int length) {
    byte[] bytes = new byte[length];
    buffer.getBytes(0, bytes);
    return bytes;
  }

  private byte[] legacyReply() {
    LegacyReply reply = new LegacyReply().clear(buffer, 0).id(3).sequence(1).pid(random.nextInt());
    for (int i = random.nextInt(128); i < 128; i++) {
      reply.payload(i, random.nextInt(256));
    }
    return taken(LegacyReply.SIZE);
  }

  private byte[] legacyRecord() {
    int[] features = random.ints(random.nextInt(20), 0, 0x10000).toArray();
    return taken(
        new LegacyRecord()
            .put(buffer, random.nextInt(0x10000), 42, 90, 3, features, random.nextInt(0x10000)));
  }

  private byte[] plain() {
    new Answer.Plain()
        .begin(buffer, Protocol.VERDICT, TAG, random.nextLong(), Answer.SIZE)
        .reason(Reason.of(random.nextInt(17)))
        .detail(random.nextInt());
    return taken(Answer.SIZE);
  }

  private byte[] hello() {
    new Hello()
        .begin(buffer, Protocol.HELLO, TAG, 0, Hello.SIZE)
        .domain(random.nextLong())
        .hooks(random.nextInt(512))
        .verdicts(14);
    return taken(Hello.SIZE);
  }

  private byte[] registered() {
    new Registered()
        .begin(buffer, Protocol.REGISTER, TAG, random.nextLong(), Registered.SIZE)
        .expirySeconds(9)
        .keepAliveSeconds(3)
        .totals()
        .value(Totals.EMITTED, random.nextLong());
    return taken(Registered.SIZE);
  }

  private byte[] status() {
    new Status()
        .begin(buffer, Protocol.KEEP_ALIVE, TAG, random.nextLong(), Status.SIZE)
        .sequence(random.nextInt())
        .totals()
        .value(Totals.SETTLED, random.nextLong());
    return taken(Status.SIZE);
  }

  private TaskRecord task(int at) {
    return new TaskRecord()
        .clear(buffer, at)
        .tag(TAG)
        .origin(random.nextInt(3))
        .task(1 + random.nextInt(1000), random.nextInt(1000))
        .process(1 + random.nextInt(1000), random.nextInt(1000))
        .parent(random.nextInt(1000), random.nextInt(1000))
        .sequence(128 + random.nextInt(1000))
        .settled(random.nextInt(128));
  }

  private byte[] image() {
    int slots = random.nextInt(129);
    int features = random.nextInt(Protocol.FEATURES_MAX + 1);
    int length = Image.SIZE + slots * Image.slotSize(features);
    Image image = new Image();
    image.begin(buffer, Protocol.IMAGE, TAG, 1, length);
    task(Image.TASK);
    image.slots(slots, features);
    for (int i = 0; i < slots; i++) {
      image.slot(i, random.nextLong(), random.nextInt(300));
    }
    return taken(length);
  }

  private byte[] tasks() {
    int count = random.nextInt(20);
    int length = Page.SIZE + count * TaskRecord.SIZE;
    new Page().begin(buffer, Protocol.TASKS, TAG, 1, length).count(count).cursor(1);
    for (int i = 0; i < count; i++) {
      task(Page.SIZE + i * TaskRecord.SIZE);
    }
    return taken(length);
  }

  private byte[] verdicts() {
    int count = random.nextInt(20);
    int length = Page.SIZE + count * VerdictRecord.SIZE;
    new Page().begin(buffer, Protocol.VERDICTS, TAG, 1, length).count(count);
    for (int i = 0; i < count; i++) {
      new VerdictRecord()
          .clear(buffer, Page.SIZE + i * VerdictRecord.SIZE)
          .kind(1 + random.nextInt(3))
          .scope(random.nextInt(3))
          .process(1 + random.nextInt(1000), 1)
          .origin(1, 1);
    }
    return taken(length);
  }

  private byte[] hooks() {
    HookRecord record = new HookRecord();
    int length = Page.SIZE;
    for (int i = 0; i < 4; i++) {
      List<Feature> features = new ArrayList<>();
      for (int j = random.nextInt(4); j > 0; j--) {
        features.add(new Feature("a" + j, FeatureType.FLAGS));
      }
      length += record.put(buffer, length, new Hook(i, "hook_" + i, features), true);
    }
    byte[] records = new byte[length - Page.SIZE];
    buffer.getBytes(Page.SIZE, records);
    new Page().begin(buffer, Protocol.HOOKS, TAG, 0, length).count(4);
    buffer.putBytes(Page.SIZE, records);
    return taken(length);
  }

  private byte[] feed() {
    int[] kinds = random.ints(random.nextInt(20), 0, 5).toArray();
    int[] features = random.ints(kinds.length, 0, Protocol.FEATURES_MAX + 1).toArray();
    int length = Feed.SIZE;
    for (int i = 0; i < kinds.length; i++) {
      length += FeedRecord.sizeOf(kinds[i], features[i]);
    }
    new Feed().begin(buffer, Protocol.FEED, TAG, 1, length).sequence(9).count(kinds.length);
    FeedRecord record = new FeedRecord();
    int at = Feed.SIZE;
    for (int i = 0; i < kinds.length; i++) {
      record.begin(buffer, at, kinds[i], features[i]);
      record.task(1 + random.nextInt(100), 7).tgid(1).sequence(random.nextInt(1000));
      at += record.size();
    }
    return taken(length);
  }

  /**
   * Reads every field that bytes from the kernel can have; returns something that depends on all.
   */
  static long read(UnsafeBuffer bytes, int length) {
    if (Answer.isExtended(bytes, 0, length)) {
      return extended(bytes, length);
    }
    if (length == LegacyReply.SIZE) {
      LegacyReply reply = new LegacyReply().wrap(bytes, 0, length);
      long sum =
          0L + reply.id() + reply.seed() + reply.sequence() + reply.pid() + reply.payloadPid();
      for (int i = 0; i < Protocol.RING_SLOTS; i++) {
        sum += reply.payload(i);
      }
      return sum;
    }
    LegacyRecord record = new LegacyRecord().wrap(bytes, 0, length);
    long sum = 0L + record.arraySize() + record.pid() + record.hook() + record.start();
    for (int i = 0; i < record.features(); i++) {
      sum += record.feature(i);
    }
    return sum + record.sequence();
  }

  private static long extended(UnsafeBuffer bytes, int length) {
    Answer.Plain head = new Answer.Plain().wrap(bytes, 0, length);
    long sum =
        head.version() + head.tag() + head.reason().number() + head.session() + head.detail();
    if (head.reason() != Reason.OK) {
      return sum;
    }
    return sum
        + switch (head.op()) {
          case Protocol.HELLO -> {
            Hello hello = new Hello().wrap(bytes, 0, length);
            yield hello.domain() + hello.vocabulary() + hello.hooks() + hello.ringSlots();
          }
          case Protocol.REGISTER -> {
            Registered registered = new Registered().wrap(bytes, 0, length);
            yield registered.domain() + registered.totals().value(Totals.NOTICES_LOST);
          }
          case Protocol.KEEP_ALIVE -> {
            Status status = new Status().wrap(bytes, 0, length);
            yield status.sequence() + status.mode() + status.totals().value(Totals.NOTICES_LOST);
          }
          case Protocol.IMAGE -> image(new Image().wrap(bytes, 0, length));
          case Protocol.TASKS, Protocol.VERDICTS, Protocol.HOOKS -> page(bytes, length, head.op());
          case Protocol.FEED -> feed(bytes, length);
          default -> 0;
        };
  }

  private static long image(Image image) {
    long sum = task(image.task()) + image.oldest();
    for (int i = 0; i < image.count(); i++) {
      sum += image.timeNs(i) + image.hook(i);
      for (int j = 0; j < image.features(); j++) {
        sum += image.feature(i, j);
      }
    }
    return sum;
  }

  private static long task(TaskRecord task) {
    return task.task().hashCode()
        + task.process().hashCode()
        + (task.parent() == null ? 0 : task.parent().hashCode())
        + task.tag()
        + task.origin()
        + task.sequence()
        + task.settled()
        + task.timeNs();
  }

  private static long page(UnsafeBuffer bytes, int length, int op) {
    Page page = new Page().wrap(bytes, 0, length);
    long[] sum = {page.cursor()};
    TaskRecord task = new TaskRecord();
    VerdictRecord verdict = new VerdictRecord();
    HookRecord hook = new HookRecord();
    switch (op) {
      case Protocol.TASKS ->
          page.forEach(TaskRecord.SIZE, (at, size) -> sum[0] += task(task.wrap(bytes, at, size)));
      case Protocol.VERDICTS ->
          page.forEach(
              VerdictRecord.SIZE,
              (at, size) -> {
                verdict.wrap(bytes, at, size);
                sum[0] += verdict.kind() + verdict.scope() + verdict.sinceNs();
                sum[0] += verdict.process().hashCode() + verdict.origin().hashCode();
              });
      default ->
          page.forEach(
              HookRecord.SIZE,
              (at, size) -> sum[0] += hook.wrap(bytes, at, size).hook().hashCode());
    }
    return sum[0];
  }

  private static long feed(UnsafeBuffer bytes, int length) {
    Feed feed = new Feed().wrap(bytes, 0, length);
    long[] sum = {feed.sequence() + feed.lost() + feed.noticesLost()};
    FeedRecord record = new FeedRecord();
    feed.forEach(
        FeedRecord.SIZE,
        (at, size) -> {
          record.wrap(bytes, at, size);
          sum[0] += record.task().hashCode() + record.sequence() + record.timeNs();
          switch (record.kind()) {
            case FeedRecord.EVENT -> {
              for (int i = 0; i < record.features(); i++) {
                sum[0] += record.feature(i);
              }
            }
            case FeedRecord.START ->
                sum[0] +=
                    record.process().hashCode()
                        + record.tag()
                        + record.origin()
                        + (record.parent() == null ? 0 : record.parent().hashCode());
            case FeedRecord.EXEC ->
                sum[0] += record.oldTid() + record.oldSequence() + record.path().length();
            default -> sum[0]++;
          }
        });
    return sum[0];
  }
}
