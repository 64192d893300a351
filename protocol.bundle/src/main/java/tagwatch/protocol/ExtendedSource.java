// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart.Origin;
import tagwatch.event.Verdict;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelProvider;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/** An agent of the extended protocol. */
final class ExtendedSource implements EventSource {
  private static final Logger LOG = LoggerFactory.getLogger(ExtendedSource.class);
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(1);

  private final Registrar registrar;
  private final Sessions sessions = new Sessions();
  private final Tally tally = new Tally();
  private final Images images;
  private final Tasks tasks;
  private final FeedReader reader;
  private final Verdicts verdicts;
  private final KeepAlive keepAlive;
  private final Exchange counting = new Exchange();
  private final BackOff backOff = new BackOff();
  private final boolean live;
  private final long snapshotNanos;
  private final Queue<Tasks.Listed> news = new ArrayDeque<>();
  private long nextSnapshot = System.nanoTime();
  private boolean takenOver;
  private volatile boolean closed;
  private List<VerdictInForce> lastVerdicts = List.of();

  private ExtendedSource(
      ChannelProvider provider, Settings settings, Subscription subscription, Set<Integer> denied)
      throws IOException {
    live = subscription.mode() == Mode.LIVE;
    snapshotNanos = TimeUnit.MILLISECONDS.toNanos(settings.snapshotMillis());
    registrar =
        new Registrar(
            provider,
            settings,
            subscription.tags(),
            (type, flags, sequence, buffer, offset, length) ->
                feed(type, flags, sequence, buffer, offset, length));
    images = new Images(registrar, sessions, tally);
    tasks = new Tasks(registrar);
    reader = new FeedReader(registrar, sessions, images, new Programs(), tally, live);
    verdicts = new Verdicts(registrar, denied);
    registrar.connect();
    verdicts.rehearse();
    Exchange alive = new Exchange();
    keepAlive = new KeepAlive(() -> registrar.keepAlive(alive), registrar.keepAliveNanos());
  }

  /** Registers; what was taken so far is given back if that fails. */
  static ExtendedSource open(
      ChannelProvider provider, Settings settings, Subscription subscription, Set<Integer> denied)
      throws IOException {
    return new ExtendedSource(provider, settings, subscription, denied);
  }

  private void feed(int type, int flags, int sequence, ByteBuffer buffer, int offset, int length) {
    reader.message(type, flags, sequence, buffer, offset, length);
  }

  @Override
  public String sequenceDomain() {
    return "exein:" + Long.toHexString(registrar.domain());
  }

  @Override
  public int poll(EventSink sink, int limit) {
    if (closed) {
      return 0;
    }
    reader.sink(sink);
    int handed = 0;
    try {
      if (!takenOver) {
        takeOver();
      }
      handed = read(limit);
      if (registrar.lapse() != null) {
        again();
      }
      if (reader.loss() || (handed == 0 && behind())) {
        resynchronise(sink);
      }
      if (!live) {
        handed += snapshots(limit - handed);
      }
      if (registrar.lapse() == null) {
        backOff.succeeded();
      }
    } catch (IOException e) {
      registrar.lapsed(e);
    }
    return handed + reader.handed();
  }

  /** The tasks as they stand: in snapshot mode only this agent moves what is settled. */
  private void takeOver() throws IOException {
    int resumed = 0;
    for (Registration registration : registrar.all()) {
      for (Tasks.Listed listed : tasks.list(registration, false)) {
        if (sessions.find(listed.task()) == null) {
          reader.start(listed, Origin.RESUMED, listed.settled());
          resumed++;
        }
        if (listed.exited()) {
          news.add(listed);
        }
      }
    }
    if (live) {
      registrar.mode(Protocol.MODE_LIVE);
      endExited();
    }
    takenOver = true;
    LOG.info("{} running tasks taken over", resumed);
  }

  private void endExited() throws IOException {
    for (Tasks.Listed listed : news) {
      Session session = sessions.find(listed.task());
      if (session != null) {
        reader.end(session, listed.timeNs(), listed.sequence());
      }
    }
    news.clear();
  }

  private int read(int limit) throws IOException {
    Channel channel = registrar.feed();
    int handed = 0;
    while (channel != null && handed < limit) {
      int messages = channel.receive(reader, 1);
      reader.check();
      handed += reader.handed();
      if (messages == Channel.OVERRUN) {
        reader.noteLoss();
      } else if (messages == 0) {
        break;
      }
    }
    return handed;
  }

  /** Whether the kernel has sent feed messages that did not come, although the queue is empty. */
  private boolean behind() throws IOException {
    for (Registration registration : registrar.all()) {
      int announced = registration.announced;
      if (announced - registration.received > 0 && registration.session != 0) {
        // it may have come between the last look and the announcement
        return read(1) == 0 && announced - registration.received > 0;
      }
    }
    return false;
  }

  /** Registers again; the sessions stay. */
  private void again() {
    long now = System.nanoTime();
    if (!backOff.due(now)) {
      return;
    }
    // taken back once a whole poll went well: else a registration that works and fails again would
    // be renewed at every poll
    backOff.failed(now);
    String why = registrar.lapse();
    try {
      registrar.connect();
      if (live) {
        registrar.mode(Protocol.MODE_LIVE);
      }
      reader.noteLoss();
      LOG.warn("registered again, after: {}", why);
    } catch (IOException e) {
      registrar.lapsed(e);
      LOG.warn(
          "cannot register, next try in {} ms: {}",
          TimeUnit.NANOSECONDS.toMillis(backOff.delay()),
          e.getMessage());
    }
  }

  /** Compares the sessions with what the kernel lists. */
  private void resynchronise(EventSink sink) throws IOException {
    Set<Session> missing = new HashSet<>(sessions.all());
    for (Registration registration : registrar.all()) {
      for (Tasks.Listed listed : tasks.list(registration, false)) {
        Session session = sessions.find(listed.task());
        missing.remove(session);
        if (session == null && !(listed.exited() && sessions.hasEnded(listed.task()))) {
          session = reader.start(listed, FeedReader.origin(listed.origin()), 0);
        }
        if (session != null) {
          session.early = false;
        }
        if (listed.exited() && session != null) {
          reader.end(session, listed.timeNs(), listed.sequence());
        }
      }
    }
    for (Session session : missing) {
      // one that ended meanwhile in the usual way is not there any more
      if (sessions.find(session.task) == session) {
        sessions.end(sink, session, session.lastTime, session.last);
      }
    }
    nextSnapshot = System.nanoTime();
  }

  private int snapshots(int limit) throws IOException {
    if (news.isEmpty()) {
      if (System.nanoTime() - nextSnapshot < 0) {
        return 0;
      }
      for (Registration registration : registrar.all()) {
        news.addAll(tasks.list(registration, true));
      }
      nextSnapshot = System.nanoTime() + snapshotNanos;
    }
    int handed = 0;
    while (handed < limit && !news.isEmpty()) {
      handed += snapshot(news.remove());
    }
    return handed;
  }

  private int snapshot(Tasks.Listed listed) throws IOException {
    Session session = sessions.find(listed.task());
    if (session == null) {
      if (listed.exited() && sessions.hasEnded(listed.task())) {
        images.writeOff(registrar.of(listed.tag()), listed.task());
        return 0;
      }
      session = reader.start(listed, FeedReader.origin(listed.origin()), 0);
    }
    if (listed.exited()) {
      reader.end(session, listed.timeNs(), listed.sequence());
      return reader.handed();
    }
    return reader.fetch(session);
  }

  @Override
  public void awaitEvents(long maxNanos) {
    Channel channel = registrar.feed();
    long nanos = live ? maxNanos : Math.min(maxNanos, nextSnapshot - System.nanoTime());
    if (closed || nanos <= 0) {
      return;
    }
    if (channel == null || nanos < SHORTEST_WAIT) {
      LockSupport.parkNanos(Math.min(nanos, SHORTEST_WAIT));
      return;
    }
    try {
      channel.await(nanos);
    } catch (IOException e) {
      registrar.lapsed(e);
    }
  }

  private Registration registrationOf(TaskKey task) {
    Integer tag = sessions.tagOf(task);
    return tag == null ? null : registrar.of(tag);
  }

  @Override
  public int image(TaskKey task, ImageSink sink) {
    Registration known = registrationOf(task);
    try {
      for (Registration registration : known == null ? registrar.all() : List.of(known)) {
        int shown = closed ? -1 : images.show(registration, task, sink);
        if (shown >= 0) {
          return shown;
        }
      }
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
    return -1;
  }

  /** One of the ways to act on a task of a tag. */
  private interface Acting {
    Enforcement act(Registration registration);
  }

  private Enforcement act(TaskKey task, Acting acting) {
    if (closed) {
      return new Enforcement(Outcome.FAILED, "the source is closed");
    }
    Registration known = registrationOf(task);
    Enforcement last = new Enforcement(Outcome.GONE, "no tagged task " + task);
    for (Registration registration : known == null ? registrar.all() : List.of(known)) {
      last = acting.act(registration);
      if (last.outcome() != Outcome.GONE) {
        return last;
      }
    }
    return last;
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    return act(task, registration -> verdicts.enforce(registration, task, verdict));
  }

  @Override
  public Enforcement release(TaskKey task) {
    return act(task, registration -> verdicts.release(registration, task));
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    return closed ? lastVerdicts : verdicts.inForce();
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    synchronized (counting) {
      if (!closed) {
        registrar.keepAlive(counting);
      }
      return tally.counters(registrar.all());
    }
  }

  @Override
  public void close() {
    synchronized (counting) {
      if (closed) {
        return;
      }
      lastVerdicts = verdicts.inForce();
      registrar.keepAlive(counting);
      closed = true;
    }
    keepAlive.close();
    registrar.unregister();
    registrar.close();
  }
}
