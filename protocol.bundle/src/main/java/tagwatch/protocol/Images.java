// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import tagwatch.event.TaskKey;
import tagwatch.transport.EventSink;
import tagwatch.transport.ImageSink;

/** Behaviour images of tasks. The methods that fetch belong to the drain, {@link #show} to any. */
final class Images {
  private final Registrar registrar;
  private final Sessions sessions;
  private final Tally tally;
  private final Exchange fetching = new Exchange();
  private final ImageRequest request = new ImageRequest();
  private final Image image = new Image();
  private final Exchange showing = new Exchange();
  private final Image shown = new Image();

  Images(Registrar registrar, Sessions sessions, Tally tally) {
    this.registrar = registrar;
    this.sessions = sessions;
    this.tally = tally;
  }

  private static boolean ask(
      Registrar registrar,
      Exchange exchange,
      ImageRequest request,
      Image into,
      TaskKey task,
      Registration registration,
      int flags)
      throws IOException {
    request
        .begin(exchange.request(), Protocol.IMAGE, registration.tag, registration.session)
        .tid(task.threadId())
        .startTime(task.startTimeNs())
        .flags(flags);
    try {
      registrar.ask(exchange, "image of task " + task.threadId());
      into.wrap(exchange.bytes(), 0, exchange.length());
      if (!into.task().task().equals(task)) {
        throw new IOException("image of " + into.task().task() + " instead of " + task);
      }
      return true;
    } catch (RefusedException e) {
      if (e.reason() == Reason.NO_TASK || e.reason() == Reason.OTHER_TAG) {
        return false;
      }
      throw e;
    } catch (MalformedMessageException e) {
      throw new IOException("image of task " + task.threadId() + ": " + e.getMessage(), e);
    }
  }

  /** What the kernel knows of a task, without its events; null if it is gone. */
  Tasks.Listed describe(Registration registration, TaskKey task) throws IOException {
    return ask(registrar, fetching, request, image, task, registration, 0)
        ? Tasks.Listed.of(image.task())
        : null;
  }

  /** Fetches without handing over; null if the task is gone. */
  Tasks.Listed load(Session session) throws IOException {
    return ask(
            registrar,
            fetching,
            request,
            image,
            session.task,
            registrar.of(session.tag),
            Protocol.IMAGE_FETCH)
        ? Tasks.Listed.of(image.task())
        : null;
  }

  /**
   * Hands over what was fetched last.
   *
   * @return the number of events
   */
  int deliver(EventSink sink, Session session) {
    long newest = image.task().sequence();
    if (newest <= session.last) {
      return 0;
    }
    long from = Math.max(session.last + 1, image.oldest());
    tally.uncovered.addAndGet(from - session.last - 1);
    for (long sequence = from; sequence <= newest; sequence++) {
      hand(sink, session, sequence);
    }
    return (int) (newest - from + 1);
  }

  /** Fetches what is left of a task whose session has ended, so that it is on the books. */
  void writeOff(Registration registration, TaskKey task) throws IOException {
    if (ask(registrar, fetching, request, image, task, registration, Protocol.IMAGE_FETCH)) {
      tally.uncovered.addAndGet(image.task().sequence() - image.task().settled());
    }
  }

  private void hand(EventSink sink, Session session, long sequence) {
    if (session.next != null && sequence > session.nextAfter) {
      sessions.executed(sink, session, session.next, session.lastTime);
      session.next = null;
    }
    int slot = (int) (sequence - image.oldest());
    session.last = sequence;
    session.lastTime = image.timeNs(slot);
    if (session.handle == EventSink.REFUSED
        || !sink.event(
            session.handle,
            image.hook(slot),
            sequence,
            session.lastTime,
            fetching.buffer(),
            image.featuresOffset(slot),
            image.features() * Short.BYTES)) {
      tally.refused.incrementAndGet();
    }
  }

  /** Shows the events that the kernel still has of a task; -1 if it is gone. Any thread. */
  synchronized int show(Registration registration, TaskKey task, ImageSink sink)
      throws IOException {
    if (!ask(registrar, showing, new ImageRequest(), shown, task, registration, 0)) {
      return -1;
    }
    for (int slot = 0; slot < shown.count(); slot++) {
      if (sink.event(
          shown.hook(slot),
          shown.oldest() + slot,
          shown.timeNs(slot),
          showing.buffer(),
          shown.featuresOffset(slot),
          shown.features() * Short.BYTES)) {
        tally.recovered.incrementAndGet();
      }
    }
    return shown.count();
  }
}
