// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tagwatch.event.Feature;
import tagwatch.event.FeatureType;
import tagwatch.event.Hook;
import tagwatch.event.TaskKey;

/**
 * Every message both ways and in both byte orders, against bytes written by hand: a codec that is
 * wrong on both sides would pass a round trip.
 */
class GoldenBytesTest {
  private static final int TAG = 13107;
  private static final long SESSION = 0x1122334455667788L;
  private static final String TOTALS =
      " 0100000000000000 0200000000000000 0300000000000000 0400000000000000"
          + " 0500000000000000 0600000000000000 0700000000000000 0800000000000000 ";
  private static final String TASK =
      " 4800 0100 3333 0200 d2040000 d1040000 e803000000000000 e703000000000000"
          + " e603000000000000 d0040000 00000000 8200000000000000 0200000000000000"
          + " 0df0adde00000000 ";

  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

  static Stream<ByteOrder> orders() {
    return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
  }

  private static Golden request(int op, int size, String own) {
    return new Golden(
        String.format("54574e32 %02x 01 3333 00000000 %02x000000 8877665544332211 ", op, size)
            + own);
  }

  private static Golden answer(int op, int size, String own) {
    return new Golden(
        String.format(
                "54574e32 %02x 01 3333 00000000 %02x%02x0000 8877665544332211 0*8 ",
                op, size & 0xff, size >>> 8)
            + own);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldWriteRequestsOf2020(ByteOrder order) {
    new LegacyRequest()
        .order(order)
        .clear(buffer, 0)
        .key(0x01020304)
        .id(LegacyRequest.IMAGE)
        .tag(TAG)
        .pid(0x00012345);
    new Golden("04030201 05 00 3333 45230100").assertEquals(buffer, order);

    LegacyRequest request = new LegacyRequest().order(order).wrap(buffer, 0, 12);
    assertThat(request.key()).isEqualTo(0x01020304);
    assertThat(request.id()).isEqualTo(5);
    assertThat(request.tag()).isEqualTo(TAG);
    assertThat(request.pid()).isEqualTo(0x00012345);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadRepliesOf2020(ByteOrder order) {
    Golden golden = new Golden("0300 0000 efbeadde 0700 0000 45230100 0*250 8700 8800 8900");
    LegacyReply reply = new LegacyReply().order(order).wrap(golden.buffer(order), 0, 272);
    assertThat(reply.id()).isEqualTo(LegacyReply.FEED);
    assertThat(reply.seed()).isEqualTo(0xdeadbeef);
    assertThat(reply.sequence()).isEqualTo(7);
    assertThat(reply.pid()).isEqualTo(0x00012345);
    assertThat(reply.payload(124)).isZero();
    assertThat(reply.payload(127)).isEqualTo(137);

    new LegacyReply()
        .order(order)
        .clear(buffer, 0)
        .id(3)
        .seed(0xdeadbeef)
        .sequence(7)
        .pid(0x00012345)
        .payload(125, 135)
        .payload(126, 136)
        .payload(127, 137);
    golden.assertEquals(buffer, order);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadProcessNoticesOf2020(ByteOrder order) {
    Golden golden = new Golden("0700 0000 00000000 0100 0000 d1000000 45230100 0*252");
    LegacyReply notice = new LegacyReply().order(order).wrap(golden.buffer(order), 0, 272);
    assertThat(notice.id()).isEqualTo(LegacyReply.DELETE_PROCESS);
    assertThat(notice.pid()).isEqualTo(209);
    assertThat(notice.payloadPid()).isEqualTo(0x00012345);

    new LegacyReply().order(order).clear(buffer, 0).id(7).sequence(1).pid(209).payloadPid(0x12345);
    golden.assertEquals(buffer, order);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadLiveRecordsOf2020(ByteOrder order) {
    Golden golden = new Golden("4578 5a00 4523 8700 0a00 0c00 0100 ffff 2a00");
    LegacyRecord record = new LegacyRecord().order(order).wrap(golden.buffer(order), 0, 18);
    assertThat(record.arraySize()).isEqualTo(90);
    assertThat(record.pid()).isEqualTo(0x2345);
    assertThat(record.hook()).isEqualTo(135);
    assertThat(record.start()).isEqualTo(10);
    assertThat(record.features()).isEqualTo(2);
    assertThat(record.feature(0)).isEqualTo(1);
    assertThat(record.feature(1)).isEqualTo(0xffff);
    assertThat(record.sequence()).isEqualTo(42);

    int length =
        new LegacyRecord().order(order).put(buffer, 0x2345, 135, 90, 10, new int[] {1, 0xffff}, 42);
    assertThat(length).isEqualTo(18);
    golden.assertEquals(buffer, order);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldWritePlainRequests(ByteOrder order) {
    for (int op : new int[] {0x80, 0x82, 0x83}) {
      Request.Plain request = new Request.Plain().order(order).begin(buffer, op, TAG, SESSION);
      request(op, 24, "").assertEquals(buffer, order);
      assertThat(request.magic()).isEqualTo(Protocol.MAGIC);
      assertThat(request.op()).isEqualTo(op);
      assertThat(request.version()).isEqualTo(1);
      assertThat(request.tag()).isEqualTo(TAG);
      assertThat(request.length()).isEqualTo(24);
      assertThat(request.session()).isEqualTo(SESSION);
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldWriteRegistrations(ByteOrder order) {
    byte[] key = new byte[32];
    key[0] = 0x55;
    key[31] = (byte) 0xaa;
    RegisterRequest request = new RegisterRequest().order(order);
    request.begin(buffer, Protocol.REGISTER, TAG, 0).key(key).expirySeconds(12).readySlots(48);
    new Golden(
            "54574e32 81 01 3333 00000000 40000000 0000000000000000 =55 0*30 =aa 0c00 3000 00000000")
        .assertEquals(buffer, order);
    assertThat(request.key()).isEqualTo(key);
    assertThat(request.expirySeconds()).isEqualTo(12);
    assertThat(request.readySlots()).isEqualTo(48);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldWriteModeImagePageAndVerdictRequests(ByteOrder order) {
    ModeRequest mode = new ModeRequest().order(order);
    mode.begin(buffer, Protocol.MODE, TAG, SESSION).mode(1).readySlots(64);
    request(0x84, 32, "0100 4000 00000000").assertEquals(buffer, order);
    assertThat(mode.mode()).isEqualTo(1);
    assertThat(mode.readySlots()).isEqualTo(64);

    ImageRequest image = new ImageRequest().order(order);
    image.begin(buffer, Protocol.IMAGE, TAG, SESSION).tid(1234).flags(1).startTime(1000);
    request(0x85, 40, "d2040000 01000000 e803000000000000").assertEquals(buffer, order);
    assertThat(image.tid()).isEqualTo(1234);
    assertThat(image.flags()).isEqualTo(1);
    assertThat(image.startTime()).isEqualTo(1000);

    PageRequest page = new PageRequest().order(order);
    page.begin(buffer, Protocol.TASKS, TAG, SESSION).cursor(77).flags(1);
    request(0x87, 40, "4d00000000000000 01000000 00000000").assertEquals(buffer, order);
    assertThat(page.cursor()).isEqualTo(77);
    assertThat(page.flags()).isEqualTo(1);

    VerdictRequest verdict = new VerdictRequest().order(order);
    verdict.begin(buffer, Protocol.VERDICT, TAG, SESSION).tid(1234).kind(2).scope(1);
    verdict.startTime(1000).addHook(0).addHook(65).addHook(511);
    request(
            0x86,
            104,
            "d2040000 0200 0100 e803000000000000 0100000000000000 0200000000000000 0*40"
                + " 0000000000000080")
        .assertEquals(buffer, order);
    assertThat(verdict.kind()).isEqualTo(2);
    assertThat(verdict.scope()).isEqualTo(1);
    assertThat(verdict.hook(65)).isTrue();
    assertThat(verdict.hook(66)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadRefusals(ByteOrder order) {
    Golden golden =
        new Golden("54574e32 81 01 3333 07000000 20000000 0000000000000000 d1040000 00000000");
    Answer.Plain answer = new Answer.Plain().order(order).wrap(golden.buffer(order), 0, 32);
    assertThat(answer.op()).isEqualTo(Protocol.REGISTER);
    assertThat(answer.reason()).isEqualTo(Reason.TAG_HELD);
    assertThat(answer.detail()).isEqualTo(1233);

    new Answer.Plain()
        .order(order)
        .begin(buffer, Protocol.REGISTER, TAG, 0, 32)
        .reason(Reason.TAG_HELD)
        .detail(1233);
    golden.assertEquals(buffer, order);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadHelloRegisteredAndStatus(ByteOrder order) {
    Golden hello = answer(0x80, 56, "0df0ad0b00000000 efbeadde 0401 8000 0400 0000 0e000000");
    new Hello()
        .order(order)
        .begin(buffer, Protocol.HELLO, TAG, SESSION, Hello.SIZE)
        .domain(0x0badf00dL)
        .vocabulary(0xdeadbeef)
        .hooks(260)
        .ringSlots(128)
        .slotFeatures(4)
        .verdicts(0b1110);
    hello.assertEquals(buffer, order);
    Hello read = new Hello().order(order).wrap(hello.buffer(order), 0, 56);
    assertThat(read.domain()).isEqualTo(0x0badf00dL);
    assertThat(read.vocabulary()).isEqualTo(0xdeadbeef);
    assertThat(read.hooks()).isEqualTo(260);
    assertThat(read.ringSlots()).isEqualTo(128);
    assertThat(read.slotFeatures()).isEqualTo(4);
    assertThat(read.has(Protocol.VERDICT_KILL)).isTrue();
    assertThat(read.has(Protocol.VERDICT_RELEASE)).isFalse();

    Golden registered = answer(0x81, 112, "0df0ad0b00000000 0c00 0300 00000000" + TOTALS);
    Registered registration = new Registered().order(order);
    registration
        .begin(buffer, Protocol.REGISTER, TAG, SESSION, Registered.SIZE)
        .domain(0x0badf00dL)
        .expirySeconds(12)
        .keepAliveSeconds(3);
    fill(registration.totals());
    registered.assertEquals(buffer, order);
    registration.wrap(registered.buffer(order), 0, 112);
    assertThat(registration.session()).isEqualTo(SESSION);
    assertThat(registration.expirySeconds()).isEqualTo(12);
    assertThat(registration.keepAliveSeconds()).isEqualTo(3);
    assertThat(registration.totals().value(Totals.EVICTED)).isEqualTo(4);

    Golden status = answer(0x83, 104, "09000000 0100 0000" + TOTALS);
    Status state = new Status().order(order);
    state.begin(buffer, Protocol.KEEP_ALIVE, TAG, SESSION, Status.SIZE).sequence(9).mode(1);
    fill(state.totals());
    status.assertEquals(buffer, order);
    state.wrap(status.buffer(order), 0, 104);
    assertThat(state.sequence()).isEqualTo(9);
    assertThat(state.mode()).isEqualTo(Protocol.MODE_SNAPSHOT);
    assertThat(state.totals().value(Totals.NOTICES_LOST)).isEqualTo(8);
  }

  private static void fill(Totals totals) {
    for (int i = 0; i < 8; i++) {
      totals.value(i * Long.BYTES, i + 1);
    }
  }

  private static TaskRecord task(TaskRecord task) {
    return task.flags(Protocol.TASK_EXITED)
        .tag(TAG)
        .origin(2)
        .task(1234, 1000)
        .process(1233, 999)
        .parent(1232, 998)
        .sequence(130)
        .settled(2)
        .timeNs(0xdeadf00dL);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadImages(ByteOrder order) {
    Golden golden =
        answer(
            0x85,
            160,
            TASK
                + "0200 1800 0300 0000"
                + " 0a00000000000000 0700 0*6 0100 0200 0300 0000"
                + " 0b00000000000000 ff01 0*6 0400 0500 ffff 0000");
    Image image = new Image().order(order);
    image.begin(buffer, Protocol.IMAGE, TAG, SESSION, Image.SIZE + 48);
    TaskRecord task = new TaskRecord().order(order);
    task(task.clear(buffer, Image.TASK));
    image.slots(2, 3).slot(0, 10, 7, 1, 2, 3).slot(1, 11, 511, 4, 5, 0xffff);
    golden.assertEquals(buffer, order);

    image.wrap(golden.buffer(order), 0, 160);
    assertThat(image.count()).isEqualTo(2);
    assertThat(image.features()).isEqualTo(3);
    assertThat(image.oldest()).isEqualTo(129);
    assertThat(image.timeNs(1)).isEqualTo(11);
    assertThat(image.hook(1)).isEqualTo(511);
    assertThat(image.feature(1, 2)).isEqualTo(0xffff);
    assertThat(image.task().exited()).isTrue();
    assertThat(image.task().tag()).isEqualTo(TAG);
    assertThat(image.task().origin()).isEqualTo(2);
    assertThat(image.task().task()).isEqualTo(new TaskKey(1234, 1000));
    assertThat(image.task().process()).isEqualTo(new TaskKey(1233, 999));
    assertThat(image.task().parent()).isEqualTo(new TaskKey(1232, 998));
    assertThat(image.task().sequence()).isEqualTo(130);
    assertThat(image.task().settled()).isEqualTo(2);
    assertThat(image.task().timeNs()).isEqualTo(0xdeadf00dL);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadPagesOfTasksVerdictsAndHooks(ByteOrder order) {
    Golden tasks = answer(0x87, 120, "4d00000000000000 01000000 00000000" + TASK);
    Page page = new Page().order(order);
    page.begin(buffer, Protocol.TASKS, TAG, SESSION, 120).cursor(77).count(1);
    task(new TaskRecord().order(order).clear(buffer, Page.SIZE));
    tasks.assertEquals(buffer, order);
    page.wrap(tasks.buffer(order), 0, 120);
    assertThat(page.cursor()).isEqualTo(77);
    assertThat(page.count()).isEqualTo(1);
    page.forEach(TaskRecord.SIZE, (at, size) -> assertThat(at + size).isEqualTo(120));

    Golden verdicts =
        answer(
            0x88,
            152,
            "0000000000000000 01000000 00000000 6800 0300 0100 0000 d1040000 d0040000"
                + " e703000000000000 e603000000000000 0900000000000000 0*64");
    page.begin(buffer, Protocol.VERDICTS, TAG, SESSION, 152).count(1);
    VerdictRecord verdict = new VerdictRecord().order(order);
    verdict.clear(buffer, Page.SIZE).kind(3).scope(1);
    verdict.process(1233, 999).origin(1232, 998).sinceNs(9);
    verdicts.assertEquals(buffer, order);
    verdict.wrap(verdicts.buffer(order), Page.SIZE, VerdictRecord.SIZE);
    assertThat(verdict.kind()).isEqualTo(Protocol.VERDICT_KILL);
    assertThat(verdict.scope()).isEqualTo(1);
    assertThat(verdict.process()).isEqualTo(new TaskKey(1233, 999));
    assertThat(verdict.origin()).isEqualTo(new TaskKey(1232, 998));
    assertThat(verdict.sinceNs()).isEqualTo(9);

    Golden hooks =
        answer(
            0x89,
            168,
            "0000000000000000 01000000 00000000"
                + " 7800 2a00 0100 0200 =66696c655f6f70656e 0*39"
                + " 0000 0000 =66696c652e70617468 0*19"
                + " 0600 0000 =66696c652e6d6f6465 0*19");
    Hook hook =
        new Hook(
            42,
            "file_open",
            List.of(
                new Feature("file.path", FeatureType.PATH_CLASS),
                new Feature("file.mode", FeatureType.MODE)));
    page.begin(buffer, Protocol.HOOKS, TAG, SESSION, 168).count(1);
    HookRecord record = new HookRecord().order(order);
    assertThat(record.put(buffer, Page.SIZE, hook, true)).isEqualTo(120);
    hooks.assertEquals(buffer, order);
    record.wrap(hooks.buffer(order), Page.SIZE, 120);
    assertThat(record.hook()).isEqualTo(hook);
    assertThat(record.canDeny()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void shouldReadTheFeed(ByteOrder order) {
    String own = " d2040000 d1040000 e803000000000000 8200000000000000 0b00000000000000 ";
    Golden golden =
        answer(
            0x90,
            56 + 64 + 48 + 192 + 40,
            "05000000 04000000 0600000000000000 0700000000000000"
                + " 4000 0100 0000 0000"
                + own
                + "e703000000000000 e603000000000000 d0040000 3333 0100"
                + " 3000 0000 2a00 0300"
                + own
                + "0100 0200 ffff 0000"
                + " c000 0200 0000 0000"
                + own
                + "d3040000 00000000 e903000000000000 0c00000000000000 =2f62696e2f7368 0*121"
                + " 2800 0300 0000 0000"
                + own);
    Feed feed = new Feed().order(order);
    feed.begin(buffer, Protocol.FEED, TAG, SESSION, 400).sequence(5).count(4);
    feed.lost(6).noticesLost(7);
    FeedRecord record = new FeedRecord().order(order);
    own(record.begin(buffer, 56, FeedRecord.START, 0)).leaderStart(999).parent(1232, 998);
    record.tag(TAG).origin(1);
    own(record.begin(buffer, 120, FeedRecord.EVENT, 3)).hook(42);
    record.feature(0, 1).feature(1, 2).feature(2, 0xffff);
    own(record.begin(buffer, 168, FeedRecord.EXEC, 0)).old(1235, 1001, 12).path("/bin/sh");
    own(record.begin(buffer, 360, FeedRecord.EXIT, 0));
    golden.assertEquals(buffer, order);

    UnsafeBuffer bytes = golden.buffer(order);
    feed.wrap(bytes, 0, 400);
    assertThat(feed.sequence()).isEqualTo(5);
    assertThat(feed.count()).isEqualTo(4);
    assertThat(feed.lost()).isEqualTo(6);
    assertThat(feed.noticesLost()).isEqualTo(7);
    StringBuilder seen = new StringBuilder();
    feed.forEach(
        FeedRecord.SIZE,
        (at, size) -> {
          record.wrap(bytes, at, size);
          assertThat(record.size()).isEqualTo(size);
          assertThat(record.task()).isEqualTo(new TaskKey(1234, 1000));
          assertThat(record.tgid()).isEqualTo(1233);
          assertThat(record.sequence()).isEqualTo(130);
          assertThat(record.timeNs()).isEqualTo(11);
          seen.append(record.kind());
          switch (record.kind()) {
            case FeedRecord.START -> {
              assertThat(record.process()).isEqualTo(new TaskKey(1233, 999));
              assertThat(record.parent()).isEqualTo(new TaskKey(1232, 998));
              assertThat(record.tag()).isEqualTo(TAG);
              assertThat(record.origin()).isEqualTo(1);
            }
            case FeedRecord.EVENT -> {
              assertThat(record.hook()).isEqualTo(42);
              assertThat(record.features()).isEqualTo(3);
              assertThat(record.feature(2)).isEqualTo(0xffff);
              assertThat(record.featuresOffset()).isEqualTo(160);
            }
            case FeedRecord.EXEC -> {
              assertThat(record.oldTid()).isEqualTo(1235);
              assertThat(record.oldStart()).isEqualTo(1001);
              assertThat(record.oldSequence()).isEqualTo(12);
              assertThat(record.path()).isEqualTo("/bin/sh");
            }
            default -> assertThat(record.kind()).isEqualTo(FeedRecord.EXIT);
          }
        });
    assertThat(seen.toString()).isEqualTo("1023");
  }

  private static FeedRecord own(FeedRecord record) {
    return record.task(1234, 1000).tgid(1233).sequence(130).timeNs(11);
  }
}
