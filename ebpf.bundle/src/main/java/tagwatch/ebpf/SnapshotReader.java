// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSink;

/** Fetches images of tasks and delivers what is new in them. Belongs to the drain. */
final class SnapshotReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);

  private final BpfIterator collect;
  private final Delivery delivery;
  private final Tags tags;
  private final Tally tally;
  private final Image image = new Image();

  private Walk walk;
  private ByteBuffer collected = ByteBuffer.allocate(0);
  private int next;

  SnapshotReader(KernelPart kernel, Delivery delivery, Tags tags, Tally tally) {
    this.collect = kernel.collect();
    this.delivery = delivery;
    this.tags = tags;
    this.tally = tally;
  }

  /** The image of that task and no other with its id; null if it is gone or not tagged. */
  static Image imageOf(BpfIterator dump, int tid, long startTime) {
    try {
      ByteBuffer bytes = dump.run(tid);
      if (bytes.remaining() < Layout.IMAGE_SIZE) {
        return null;
      }
      Image image = new Image().wrap(bytes, 0);
      return image.task().startTimeNs() == startTime ? image : null;
    } catch (IOException e) {
      LOG.warn("the image of task {} cannot be fetched: {}", tid, e.getMessage());
      return null;
    }
  }

  /** Begins to fetch the images of all tasks; {@link #deliver} hands over what they bring. */
  void fetch() {
    if (pending()) {
      return;
    }
    try {
      walk = collect.walk(Layout.IMAGE_SIZE);
      fetchPart();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void fetchPart() throws IOException {
    next = 0;
    collected = walk.next();
    if (!collected.hasRemaining()) {
      close();
    }
  }

  private void failed(IOException e) {
    close();
    LOG.warn("the images of the tasks cannot be fetched: {}", e.getMessage());
  }

  private boolean pending() {
    return walk != null;
  }

  private void advance() {
    next += Layout.IMAGE_SIZE;
    if (next >= collected.limit()) {
      try {
        fetchPart();
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  @Override
  public void close() {
    if (walk != null) {
      walk.close();
      walk = null;
      collected = ByteBuffer.allocate(0);
    }
  }

  /** Hands over whole images until {@code limit} is reached; the rest waits. */
  int deliver(EventSink sink, int limit, RingReader account) {
    int handed = 0;
    while (handed < limit && pending()) {
      image.wrap(collected, next);
      handed += deliver(sink, image, session(sink, image), account);
      advance();
    }
    return handed;
  }

  /** Hands over the image that a task left at its end, and ends its session. */
  int deliverLast(EventSink sink, ByteBuffer data, int record, RingReader account) {
    image.wrap(data, record);
    Session session = session(sink, image);
    int handed = deliver(sink, image, session, account);
    delivery.end(sink, session, image.timestampNs(), image.newest());
    return handed;
  }

  private Session session(EventSink sink, Image shown) {
    Session session = delivery.find(shown.task().threadId(), shown.task().startTimeNs());
    if (session != null) {
      return session;
    }
    Origin origin = Delivery.origin(shown.origin());
    return delivery.start(sink, shown, origin, 0);
  }

  private int deliver(EventSink sink, Image shown, Session session, RingReader account) {
    // a task that ends while it is fetched shows the same events once more in its last image
    long accounted = Math.max(shown.fetchedBefore(), session.last);
    long newest = shown.newest();
    if (newest <= accounted) {
      return 0;
    }
    long from = Math.max(accounted + 1, shown.oldest());
    int refused = 0;
    for (long sequence = from; sequence <= newest; sequence++) {
      if (shown.hookId(sequence) == Layout.TASK_EXEC) {
        delivery.executed(
            sink, session, tags.executable(session.process.threadId()), shown.timeOf(sequence));
      }
      if (!hand(sink, shown, session, sequence)) {
        refused++;
      }
    }
    session.last = newest;
    account.consumed(newest - accounted);
    if (session.handle == EventSink.REFUSED) {
      tally.unwanted.getAndAdd(newest - accounted);
      return 0;
    }
    tally.uncovered.getAndAdd(from - accounted - 1);
    tally.refused.getAndAdd(refused);
    return (int) (newest - from + 1);
  }

  private static boolean hand(EventSink sink, Image shown, Session session, long sequence) {
    return session.handle != EventSink.REFUSED
        && sink.event(
            session.handle,
            shown.hookId(sequence),
            sequence,
            shown.timeOf(sequence),
            shown.buffer(),
            shown.featuresOf(sequence),
            Layout.FEATURES_SIZE);
  }
}
