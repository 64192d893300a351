// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.transport.EventSink;
import tagwatch.transport.MessageHandler;

/**
 * Hands the feed over to the sink: the hot path of live mode. No allocation per event. Belongs to
 * the drain.
 */
final class FeedReader implements MessageHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
  private static final Origin[] ORIGINS = {Origin.FORKED, Origin.EXECUTED, Origin.ADOPTED};

  private final Registrar registrar;
  private final Sessions sessions;
  private final Images images;
  private final Programs programs;
  private final Tally tally;
  private final boolean live;
  private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
  private final Feed feed = new Feed();
  private final FeedRecord record = new FeedRecord();
  private final Records.Visitor visitor = this::record;
  private EventSink sink;
  private ByteBuffer features;
  private Registration registration;
  private Session recent;
  private IOException failure;
  private boolean loss;
  private int handed;
  private long missed;
  private long refused;

  FeedReader(
      Registrar registrar,
      Sessions sessions,
      Images images,
      Programs programs,
      Tally tally,
      boolean live) {
    this.registrar = registrar;
    this.sessions = sessions;
    this.images = images;
    this.programs = programs;
    this.tally = tally;
    this.live = live;
  }

  static Origin origin(int number) {
    if (number >= ORIGINS.length) {
      throw new MalformedMessageException("unknown origin " + number);
    }
    return ORIGINS[number];
  }

  /** Where to deliver; null: nowhere yet, and what comes is passed over. */
  void sink(EventSink next) {
    sink = next;
  }

  /** Events handed over since the last call. */
  int handed() {
    int count = handed;
    handed = 0;
    tally.missed.getAndAdd(missed);
    tally.refused.getAndAdd(refused);
    missed = 0;
    refused = 0;
    return count;
  }

  /** Whether feed messages were lost since the last call. */
  boolean loss() {
    boolean was = loss;
    loss = false;
    return was;
  }

  void noteLoss() {
    loss = true;
  }

  /** Throws what went wrong while messages were handled. */
  void check() throws IOException {
    IOException met = failure;
    failure = null;
    if (met != null) {
      throw met;
    }
  }

  @Override
  public void message(
      int type, int flags, int sequence, ByteBuffer buffer, int offset, int length) {
    bytes.wrap(buffer);
    features = buffer;
    try {
      if (type != Protocol.TYPE || bytes.getByte(offset + Answer.OP) != (byte) Protocol.FEED) {
        return;
      }
      feed.wrap(bytes, offset, length);
      registration = registrar.of(feed.tag());
      if (registration == null || registration.session != feed.session()) {
        return;
      }
      // nobody to deliver to yet: the tasks are listed before the first delivery
      if (feed.sequence() != registration.received + 1 && sink != null) {
        loss = true;
      }
      registration.received = feed.sequence();
      if (sink != null) {
        feed.forEach(FeedRecord.SIZE, visitor);
      }
    } catch (MalformedMessageException e) {
      LOG.warn("a feed message is malformed: {}", e.getMessage());
      loss = true;
    }
  }

  private void record(int at, int size) {
    record.wrap(bytes, at, size);
    if (record.kind() == FeedRecord.EVENT) {
      event();
      return;
    }
    try {
      notice();
    } catch (IOException e) {
      failure = e;
    }
  }

  private void event() {
    int tid = record.tid();
    long start = record.startTime();
    Session session = recent;
    if (session == null || session.task.threadId() != tid || session.task.startTimeNs() != start) {
      session = sessions.find(tid, start);
      if (session == null) {
        session = unannounced(record.task());
      }
      recent = session;
    }
    if (session == null) {
      missed++;
      return;
    }
    long sequence = record.sequence();
    if (sequence <= session.last) {
      tally.duplicates.incrementAndGet();
      return;
    }
    missed += sequence - session.last - 1;
    session.last = sequence;
    session.lastTime = record.timeNs();
    handed++;
    if (session.handle == EventSink.REFUSED
        || !sink.event(
            session.handle,
            record.hook(),
            sequence,
            session.lastTime,
            features,
            record.featuresOffset(),
            record.features() * Short.BYTES)) {
      refused++;
    }
  }

  /** Its start was lost: the kernel knows who it is, if it lives. Null if its end was told. */
  private Session unannounced(TaskKey task) {
    if (sessions.hasEnded(task)) {
      return null;
    }
    try {
      Tasks.Listed listed = images.describe(registration, task);
      if (listed != null) {
        return start(listed, origin(listed.origin()), 0);
      }
    } catch (IOException e) {
      failure = e;
    }
    boolean leader = record.tgid() == task.threadId();
    TaskKey process = leader ? task : new TaskKey(Math.max(1, record.tgid()), 0);
    return sessions.start(
        sink,
        Sessions.told(
            task,
            process,
            null,
            registration.tag,
            Executable.UNKNOWN,
            record.timeNs(),
            Origin.RESUMED),
        0);
  }

  /** Starts a session for a task that the kernel lists. */
  Session start(Tasks.Listed listed, Origin origin, long last) {
    return sessions.start(
        sink,
        Sessions.told(
            listed.task(),
            listed.process(),
            listed.parent(),
            listed.tag(),
            programOf(listed.parent(), listed.process()),
            listed.timeNs(),
            origin),
        last);
  }

  private Executable programOf(TaskKey parent, TaskKey process) {
    Executable inherited = sessions.inherited(parent);
    return inherited == null ? programs.of(process.threadId()) : inherited;
  }

  private void notice() throws IOException {
    TaskKey task = record.task();
    Session session = sessions.find(task);
    switch (record.kind()) {
      case FeedRecord.START -> {
        if (session == null && !sessions.hasEnded(task)) {
          started(task);
        }
      }
      case FeedRecord.EXEC -> {
        if (record.oldTid() != 0) {
          tookOver(task, session);
        } else if (session != null && !session.early) {
          executed(session, programs.of(record.tgid(), record.path()));
        }
      }
      case FeedRecord.EXIT -> {
        if (session != null && !session.early) {
          end(session, record.timeNs(), record.sequence());
        }
      }
      case FeedRecord.READY -> {
        if (session != null) {
          handed += fetch(session);
        }
      }
      default -> LOG.debug("a record of kind {} is not known here", record.kind());
    }
  }

  private void started(TaskKey task) throws IOException {
    TaskStart start = startOf(task, origin(record.origin()));
    Session parent = start.parent().map(sessions::find).orElse(null);
    if (!live && parent != null) {
      // so that the child inherits what its parent has done up to here
      handed += fetch(parent);
    }
    sessions.start(sink, start, 0);
  }

  private TaskStart startOf(TaskKey task, Origin origin) {
    TaskKey process = record.process();
    TaskKey parent = record.parent();
    Executable executable =
        origin == Origin.FORKED ? programOf(parent, process) : programs.of(process.threadId());
    return Sessions.told(
        task, process, parent, registration.tag, executable, record.timeNs(), origin);
  }

  private void executed(Session session, Executable executable) throws IOException {
    if (live) {
      sessions.executed(sink, session, executable, record.timeNs());
    } else {
      session.next = executable;
      session.nextAfter = record.sequence();
      handed += fetch(session);
      tellNext(session);
    }
  }

  /** A thread that called execve has its leader's name now, and counts from one. */
  private void tookOver(TaskKey task, Session known) throws IOException {
    long time = record.timeNs();
    int oldTid = record.oldTid();
    long oldSequence = record.oldSequence();
    Session old = sessions.find(oldTid, record.oldStart());
    Executable executable = programs.of(record.tgid(), record.path());
    if (known != null && known.early) {
      known.early = false;
      sessions.executed(sink, known, executable, time);
    } else {
      if (known != null) {
        // the leader's end was lost
        forget(known);
        sessions.end(sink, known, time, known.last);
      }
      TaskKey parent = Keys.task(oldTid, record.oldStart());
      sessions.start(
          sink,
          Sessions.told(task, task, parent, registration.tag, executable, time, Origin.EXECUTED),
          0);
    }
    if (old != null) {
      end(old, time, oldSequence);
    }
  }

  private void tellNext(Session session) {
    if (session.next != null) {
      sessions.executed(sink, session, session.next, session.lastTime);
      session.next = null;
    }
  }

  /** Ends a session after what is left of it was brought. */
  void end(Session session, long time, long lastSequence) throws IOException {
    if (live) {
      missed += Math.max(0, lastSequence - session.last);
    } else if (lastSequence > session.last) {
      handed += fetch(session);
      if (sessions.find(session.task) != session) {
        return;
      }
    }
    tellNext(session);
    forget(session);
    sessions.end(sink, session, time, Math.max(lastSequence, session.last));
  }

  private void forget(Session session) {
    if (recent == session) {
      recent = null;
    }
  }

  /**
   * Fetches what is new of a session's task and hands it over. The image may already be that of a
   * thread that took the task's name over by execve: then that has a session from now on.
   *
   * @return events handed over
   */
  int fetch(Session session) throws IOException {
    Tasks.Listed listed = images.load(session);
    if (listed == null) {
      return 0;
    }
    if (Objects.equals(listed.parent(), session.parent)) {
      return images.deliver(sink, session);
    }
    forget(session);
    sessions.end(sink, session, session.lastTime, session.last);
    Session next = start(listed, Origin.EXECUTED, 0);
    next.early = true;
    return images.deliver(sink, next);
  }
}
