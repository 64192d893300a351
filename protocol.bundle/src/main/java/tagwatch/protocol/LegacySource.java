// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

/** An agent of the protocol of 2020, for one tag. */
final class LegacySource implements EventSource, LegacyLine.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(LegacySource.class);

  /** The registration may expire after 2.5 s. */
  private static final long KEEP_ALIVE = TimeUnit.MILLISECONDS.toNanos(600);

  private static final long ANSWER_PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);
  private static final int PID_MASK = 0xffff;

  /** Counts sources, so that no two share a domain: here the agent counts, not the kernel. */
  private static final AtomicLong OPENED = new AtomicLong();

  private final ChannelProvider provider;
  private final Settings settings;
  private final int tag;
  private final int key;
  private final LegacyMode mode;
  private final boolean live;
  private final String domain = "exein-2020:" + OPENED.incrementAndGet();
  private final Sessions sessions = new Sessions();
  private final Programs programs = new Programs();
  private final Map<TaskKey, ImageOverlap> overlaps = new HashMap<>();
  private final Map<TaskKey, Verdict> blocked = new ConcurrentHashMap<>();
  private final Map<TaskKey, TaskKey> parents = new ConcurrentHashMap<>();
  private final Queue<Integer> wanted = new ArrayDeque<>();
  private final Tally tally = new Tally();
  private final AtomicLong started = new AtomicLong();
  private final BackOff backOff = new BackOff();
  private final KeepAlive keepAlive;
  private volatile LegacyLine line;
  private volatile boolean closed;
  private volatile boolean lapsed;
  private EventSink sink;
  private int handed;
  private boolean asked;
  private long askedAt;
  private long heardAt = System.nanoTime();
  private long nextRound = System.nanoTime();

  private LegacySource(
      ChannelProvider provider, Settings settings, Subscription subscription, LegacyMode mode)
      throws IOException {
    this.provider = provider;
    this.settings = settings;
    this.tag = subscription.tags().iterator().next();
    this.key = settings.legacyKey().orElseThrow();
    this.mode = mode;
    live = subscription.mode() == Mode.LIVE;
    line = LegacyLine.open(provider, settings, tag, key, this);
    keepAlive = new KeepAlive(this::keepAlive, KEEP_ALIVE);
  }

  static LegacySource open(
      ChannelProvider provider, Settings settings, Subscription subscription, LegacyMode mode)
      throws IOException {
    return new LegacySource(provider, settings, subscription, mode);
  }

  private void keepAlive() {
    try {
      line.send(LegacyRequest.KEEP_ALIVE, 0);
    } catch (IOException e) {
      lapsed = true;
    }
  }

  @Override
  public String sequenceDomain() {
    return domain;
  }

  @Override
  public int poll(EventSink into, int limit) {
    if (closed) {
      return 0;
    }
    sink = into;
    handed = 0;
    try {
      if (lapsed) {
        again();
      } else {
        while (handed < limit && receive()) {
          // until nothing is left
        }
        if (!live) {
          askForImages();
        }
      }
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
      lapsed = true;
    }
    return handed;
  }

  private boolean receive() throws IOException {
    try {
      int messages = line.receive(1);
      if (messages == Channel.OVERRUN) {
        tally.missed.incrementAndGet();
      }
      return messages != 0;
    } catch (MalformedMessageException e) {
      LOG.warn("a message is malformed: {}", e.getMessage());
      return true;
    }
  }

  private void again() {
    long now = System.nanoTime();
    if (!backOff.due(now)) {
      return;
    }
    try {
      line.close();
      line = LegacyLine.open(provider, settings, tag, key, this);
      backOff.succeeded();
      lapsed = false;
      asked = false;
      heardAt = now;
      LOG.warn("registered again");
    } catch (IOException e) {
      backOff.failed(now);
      LOG.warn("cannot register: {}", e.getMessage());
    }
  }

  /** One request at a time: such a kernel side answers for whichever process runs next. */
  private void askForImages() throws IOException {
    long now = System.nanoTime();
    if (asked && now - askedAt < ANSWER_PATIENCE) {
      return;
    }
    if (asked && now - heardAt > SILENCE && !sessions.all().isEmpty()) {
      // it forgets whom it watches when a registration expires
      line.register();
      heardAt = now;
    }
    asked = false;
    if (wanted.isEmpty() && now - nextRound >= 0) {
      endDead();
      for (Session session : sessions.all()) {
        wanted.add(session.task.threadId());
      }
      nextRound = now + TimeUnit.MILLISECONDS.toNanos(settings.snapshotMillis());
    }
    Integer pid = wanted.poll();
    if (pid != null) {
      line.send(LegacyRequest.IMAGE, pid);
      asked = true;
      askedAt = now;
    }
  }

  /** Notices are sent once and may be lost. */
  private void endDead() {
    for (Session session : sessions.all()) {
      if (!session.task.equals(Processes.task(session.task.threadId()))) {
        end(session);
      }
    }
  }

  private void end(Session session) {
    sessions.end(sink, session, session.lastTime, session.last);
    overlaps.remove(session.task);
    parents.remove(session.task);
    blocked.remove(session.task);
  }

  @Override
  public void reply(LegacyReply reply) {
    heardAt = System.nanoTime();
    if (sink == null) {
      return;
    }
    if (live) {
      mode.toggle();
    }
    switch (reply.id()) {
      case LegacyReply.FEED -> {
        asked = false;
        image(reply);
      }
      case LegacyReply.ADD_PROCESS -> session(reply.payloadPid(), Origin.EXECUTED);
      case LegacyReply.DELETE_PROCESS -> {
        Session session = sessions.byThread(reply.payloadPid());
        if (session != null) {
          end(session);
        }
      }
      default -> LOG.debug("message {} is not known here", reply.id());
    }
  }

  /** The session of the process that has that pid now; null if there is none. */
  private Session session(int pid, Origin origin) {
    TaskKey task = Processes.task(pid);
    if (task == null) {
      return null;
    }
    Session session = sessions.find(task);
    if (session != null) {
      return session;
    }
    TaskKey process = Processes.process(task);
    Session parent = sessions.byThread(Processes.parent(pid));
    TaskKey parentKey = parent == null ? null : parent.task;
    if (parentKey != null) {
      parents.put(task, parentKey);
    }
    started.incrementAndGet();
    return sessions.start(
        sink,
        Sessions.told(
            task,
            process,
            parentKey,
            tag,
            programs.of(process.threadId()),
            System.nanoTime(),
            parent == null ? origin : Origin.FORKED),
        0);
  }

  private void image(LegacyReply reply) {
    Session session = session(reply.pid(), Origin.ADOPTED);
    if (session == null) {
      return;
    }
    ImageOverlap overlap = overlaps.computeIfAbsent(session.task, absent -> new ImageOverlap());
    overlap.next(reply);
    int fresh = overlap.fresh();
    if (fresh < 0) {
      // at least one; how many, nobody knows
      gap(session, 1);
      tally.uncovered.incrementAndGet();
      fresh = overlap.count();
    }
    for (int i = overlap.count() - fresh; i < overlap.count(); i++) {
      hand(session, overlap.hook(i), ByteBuffer.allocate(0), 0, 0);
    }
  }

  private void gap(Session session, long lost) {
    session.last += lost;
    if (session.handle != EventSink.REFUSED) {
      sink.gap(session.handle, lost);
    }
  }

  private void hand(Session session, int hook, ByteBuffer features, int offset, int length) {
    handed++;
    session.last++;
    session.lastTime = System.nanoTime();
    if (session.handle == EventSink.REFUSED
        || !sink.event(
            session.handle, hook, session.last, session.lastTime, features, offset, length)) {
      tally.refused.incrementAndGet();
    }
  }

  @Override
  public void live(LegacyRecord record, ByteBuffer buffer) {
    if (sink == null) {
      return;
    }
    if (!live) {
      mode.toggle();
    }
    Session match = null;
    for (Session session : sessions.all()) {
      if ((session.task.threadId() & PID_MASK) == record.pid()) {
        if (match != null) {
          // two fit: a guess would put the event into the wrong history
          tally.missed.incrementAndGet();
          return;
        }
        match = session;
      }
    }
    if (match == null && Processes.task(record.pid()) != null) {
      match = session(record.pid(), Origin.ADOPTED);
    }
    if (match == null) {
      tally.missed.incrementAndGet();
      return;
    }
    hand(match, record.hook(), buffer, record.featuresOffset(), record.features() * Short.BYTES);
  }

  @Override
  public void awaitEvents(long maxNanos) {
    if (closed) {
      return;
    }
    long nanos = live || asked ? maxNanos : Math.min(maxNanos, nextRound - System.nanoTime());
    try {
      if (lapsed || nanos <= 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      } else {
        line.await(nanos);
      }
    } catch (IOException e) {
      lapsed = true;
    }
  }

  /** There is no sequence in an image that could say which events it holds. */
  @Override
  public int image(TaskKey task, ImageSink into) {
    return -1;
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    return switch (verdict.kind()) {
      case ALERT -> new Enforcement(Outcome.DONE, "an alert changes nothing in the kernel");
      case KILL -> block(task, verdict);
      default -> new Enforcement(Outcome.REFUSED, "a kernel side of 2020 has no " + verdict.kind());
    };
  }

  private Enforcement block(TaskKey task, Verdict verdict) {
    if (closed) {
      return new Enforcement(Outcome.FAILED, "the source is closed");
    }
    if (task.threadId() == 1 || task.threadId() == ProcessHandle.current().pid()) {
      return new Enforcement(
          Outcome.REFUSED, "process " + task.threadId() + " is pid 1 or the agent itself");
    }
    Map<TaskKey, Boolean> reached = new LinkedHashMap<>();
    reached.put(task, true);
    if (verdict.scope() != Verdict.Scope.PROCESS) {
      for (TaskKey each : sessions.tasks()) {
        if (verdict.scope() == Verdict.Scope.TAG || descends(each, task)) {
          reached.put(each, true);
        }
      }
    }
    int sent = 0;
    try {
      for (TaskKey each : reached.keySet()) {
        // the protocol names a pid only: looked up as late as can be
        if (each.equals(Processes.task(each.threadId()))) {
          line.send(LegacyRequest.BLOCK, each.threadId());
          blocked.put(each, verdict);
          sent++;
        }
      }
    } catch (IOException e) {
      return new Enforcement(Outcome.FAILED, e.getMessage());
    }
    return sent == 0
        ? new Enforcement(Outcome.GONE, "no such task: " + task)
        : new Enforcement(Outcome.DONE, "block sent, which has no answer; processes: " + sent);
  }

  private boolean descends(TaskKey task, TaskKey ancestor) {
    TaskKey at = parents.get(task);
    while (at != null && !at.equals(ancestor)) {
      at = parents.get(at);
    }
    return at != null;
  }

  @Override
  public Enforcement release(TaskKey task) {
    return new Enforcement(Outcome.REFUSED, "a kernel side of 2020 cannot take a block back");
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    return blocked.entrySet().stream()
        .map(entry -> new VerdictInForce(entry.getKey(), entry.getValue(), 0))
        .toList();
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    Map<TransportCounter, Long> counters = new EnumMap<>(TransportCounter.class);
    counters.put(TransportCounter.LOST, tally.missed.get() + tally.refused.get());
    counters.put(TransportCounter.UNCOVERED, tally.uncovered.get());
    counters.put(TransportCounter.TASKS, started.get());
    return counters;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      keepAlive.close();
      line.close();
    }
  }
}
