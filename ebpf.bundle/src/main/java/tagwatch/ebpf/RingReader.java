// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSink;

/** Reads the ring: the hot path. No allocation per event. Belongs to the drain. */
final class RingReader {
  /** Longer batches starve the kernel of room, shorter ones share the position's line too often. */
  private static final int RELEASE_BYTES = 1 << 14;

  private static final Session NONE =
      new Session(new TaskKey(1, 0), new TaskKey(1, 0), EventSink.REFUSED, Executable.UNKNOWN, 0);

  private final Ring ring;
  private final Control control;
  private final Delivery delivery;
  private final Tags tags;
  private final TagQuestions questions;
  private final SnapshotReader images;
  private final Tally tally;
  private final BpfIterator dump;
  private final ByteBuffer data;
  private final long mask;

  private Session recent = NONE;
  private long position;
  private long consumed;
  private int handed;
  private int refused;
  private int unwanted;
  private int duplicates;

  RingReader(
      KernelPart kernel,
      Delivery delivery,
      Tags tags,
      TagQuestions questions,
      Tally tally,
      long consumed) {
    this.ring = kernel.ring();
    this.control = kernel.control();
    this.dump = kernel.dump();
    this.delivery = delivery;
    this.tags = tags;
    this.questions = questions;
    this.tally = tally;
    this.images = new SnapshotReader(kernel, delivery, tags, tally);
    this.consumed = consumed;
    data = ring.data();
    mask = kernel.ringSize() - 1L;
    position = ring.consumerPosition();
  }

  SnapshotReader images() {
    return images;
  }

  long position() {
    return position;
  }

  /** Hands over at most {@code limit} events, and as many as are complete. */
  int poll(EventSink sink, int limit) {
    handed = 0;
    refused = 0;
    unwanted = 0;
    duplicates = 0;
    long begin = position;
    long released = begin;
    try {
      long produced = ring.producerPosition();
      while (handed < limit) {
        if (position >= produced) {
          produced = ring.producerPosition();
          if (position >= produced) {
            break;
          }
        }
        int offset = (int) (position & mask);
        int header = Ring.header(data, offset);
        if (header < 0) {
          break;
        }
        // moved first: a sink that throws must not meet the same record for ever
        position += ((header & Ring.LENGTH) + Ring.HEADER + 7) & ~7;
        if ((header & Ring.DISCARDED) == 0) {
          record(sink, offset + Ring.HEADER);
        }
        if (position - released >= RELEASE_BYTES) {
          release();
          released = position;
        }
      }
    } finally {
      if (position != begin) {
        release();
        account();
      }
    }
    return handed;
  }

  /** Counts events that did not come through the ring; see {@link SnapshotReader}. */
  void consumed(long events) {
    if (events > 0) {
      consumed += events;
      control.consumed(position, consumed);
    }
  }

  private void release() {
    control.consumed(position, consumed);
    ring.release(position);
  }

  private void account() {
    if (refused > 0) {
      tally.refused.getAndAdd(refused);
    }
    if (unwanted > 0) {
      tally.unwanted.getAndAdd(unwanted);
    }
    if (duplicates > 0) {
      tally.duplicates.getAndAdd(duplicates);
    }
  }

  private void record(EventSink sink, int record) {
    if (data.getShort(record + Layout.EVENT_KIND) == Layout.KIND_EVENT) {
      event(sink, session(sink, record), record);
    } else {
      rare(sink, record);
    }
  }

  private void event(EventSink sink, Session session, int record) {
    long sequence = data.getLong(record + Layout.EVENT_SEQUENCE);
    long time = data.getLong(record + Layout.EVENT_TIME);
    consumed++;
    if (sequence <= session.last) {
      duplicates++;
      return;
    }
    session.last = sequence;
    session.lastTime = time;
    if (session.handle == EventSink.REFUSED) {
      unwanted++;
      return;
    }
    handed++;
    if (!sink.event(
        session.handle,
        data.getInt(record + Layout.EVENT_ID),
        sequence,
        time,
        data,
        record + Layout.EVENT_FEATURES,
        Layout.FEATURES_SIZE)) {
      refused++;
    }
  }

  private Session session(EventSink sink, int record) {
    int tid = data.getInt(record + Layout.EVENT_TID);
    long start = data.getLong(record + Layout.EVENT_START);
    Session session = recent;
    if (session.tid == tid && session.startTime == start) {
      return session;
    }
    session = delivery.find(tid, start);
    if (session == null) {
      session = unannounced(sink, tid, start, record);
    }
    recent = session;
    return session;
  }

  /** Its start was lost, or read by an earlier agent: the kernel knows who it is, if it lives. */
  private Session unannounced(EventSink sink, int tid, long start, int record) {
    Image image = SnapshotReader.imageOf(dump, tid, start);
    if (image != null) {
      return delivery.start(sink, image, Delivery.origin(image.origin()), 0);
    }
    TaskKey task = new TaskKey(tid, start);
    int tgid = data.getInt(record + Layout.EVENT_TGID);
    Session leader = delivery.table().get(tgid);
    return delivery.start(
        sink,
        task,
        leader == null || tgid == tid ? new TaskKey(tgid, tgid == tid ? start : 0) : leader.task,
        null,
        Short.toUnsignedInt(data.getShort(record + Layout.EVENT_TAG)),
        Executable.UNKNOWN,
        data.getLong(record + Layout.EVENT_TIME),
        Origin.RESUMED,
        0);
  }

  private void rare(EventSink sink, int record) {
    switch (data.getShort(record + Layout.EVENT_KIND)) {
      case Layout.KIND_FORK -> event(sink, announced(sink, record, null), record);
      case Layout.KIND_EXEC -> exec(sink, record);
      case Layout.KIND_EXIT -> exit(sink, record);
      case Layout.KIND_ADOPT -> announced(sink, record, null);
      case Layout.KIND_UNKNOWN_EXE ->
          questions.ask(
              data.getInt(record + Layout.EVENT_TGID),
              FileKey.read(data, record + Layout.NOTICE_FILE));
      case Layout.KIND_IMAGE -> {
        recent = NONE;
        handed += images.deliverLast(sink, data, record, this);
      }
      default ->
          throw new IllegalStateException(
              "record of unknown kind " + data.getShort(record + Layout.EVENT_KIND));
    }
  }

  private Session announced(EventSink sink, int record, Executable executable) {
    Session session =
        delivery.find(
            data.getInt(record + Layout.EVENT_TID), data.getLong(record + Layout.EVENT_START));
    recent = session == null ? delivery.start(sink, data, record, executable) : session;
    return recent;
  }

  private void exec(EventSink sink, int record) {
    long time = data.getLong(record + Layout.EVENT_TIME);
    Executable executable =
        tags.executable(
            data.getInt(record + Layout.EVENT_TGID),
            FileKey.read(data, record + Layout.EXEC_FILE),
            path(record + Layout.EXEC_PATH));
    int oldTid = data.getInt(record + Layout.EXEC_OLD_TID);
    Session session =
        delivery.find(
            data.getInt(record + Layout.EVENT_TID), data.getLong(record + Layout.EVENT_START));
    if (oldTid != 0 && session != null && session.last > 0) {
      // the leader's end was lost: another thread has its id now, and counts from one
      delivery.end(sink, session, time, session.last);
      session = null;
    }
    if (session == null) {
      session = announced(sink, record, executable);
    } else {
      delivery.executed(sink, session, executable, time);
    }
    event(sink, session, record);
    Session old =
        oldTid == 0 ? null : delivery.find(oldTid, data.getLong(record + Layout.EXEC_OLD_START));
    if (old != null) {
      delivery.end(sink, old, time, data.getLong(record + Layout.EXEC_OLD_SEQUENCE));
    }
    recent = session;
  }

  private void exit(EventSink sink, int record) {
    Session session = announced(sink, record, Executable.UNKNOWN);
    event(sink, session, record);
    delivery.end(
        sink,
        session,
        data.getLong(record + Layout.EVENT_TIME),
        data.getLong(record + Layout.EVENT_SEQUENCE));
    recent = NONE;
  }

  private String path(int offset) {
    byte[] bytes = new byte[Layout.PATH_MAX];
    int length = 0;
    while (length < bytes.length && data.get(offset + length) != 0) {
      bytes[length] = data.get(offset + length);
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
