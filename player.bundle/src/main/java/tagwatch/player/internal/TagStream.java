// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.MessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.player.UnknownReason;
import tagwatch.transport.EventSource;

/**
 * The scoring thread of one tag and what belongs to it: sessions, scorer, alarms, recording. Others
 * give it orders, which it carries out between two micro-batches.
 */
final class TagStream
    implements Agent, EventRing.Consumer, Scoring.Listener, Past.Receiver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagStream.class);
  private static final int RING_BYTES = 2 << 20;
  private static final int ENDED_SESSIONS_KEPT = 1024;
  private static final long ORDER_TIMEOUT_S = 2;

  /** In place of an exit's last sequence: the task goes on, but its source does not. */
  static final long OUT_OF_SIGHT = -1;

  /** Told about things that only the coordinator can mend. */
  interface Watcher {
    /** The scorer failed and is out of service. */
    void scorerFailed(TagStream stream, ScorerBinding binding, String reason);

    /** The first event of the process was scored. */
    void firstScore();
  }

  final int tag;
  final Ledger ledger = new Ledger();
  final EventRing ring = new EventRing(RING_BYTES);
  final Alarms alarms;

  /** Handles whose session is gone; taken by the drain. */
  final Queue<Integer> freeHandles = new ConcurrentLinkedQueue<>();

  private final int retained;
  private final SymbolTable symbols;
  private final Scoring scoring;
  private final Watcher watcher;
  private final MessageHandler handler = ring.handlerOf(this);
  private final Queue<Order<?>> orders = new ConcurrentLinkedQueue<>();
  private final WakeableIdle idle = new WakeableIdle(() -> ring.isEmpty() && orders.isEmpty());
  private final AgentRunner runner;
  private final ArrayDeque<Session> ended = new ArrayDeque<>();
  private final Past past;
  private final Familiarity familiarity;
  private final Map<TaskKey, Session> byTask = new HashMap<>();
  private Session[] sessions = new Session[64];
  private RecordingTap tap;
  private boolean scoredBefore;
  private long taken;
  private volatile boolean closed;
  private volatile ScorerBinding inService;
  private volatile String staleness = "";

  /** What an order does. */
  private record Order<T>(Supplier<T> what, AtomicBoolean begun, CompletableFuture<T> answer) {
    Order(Supplier<T> what) {
      this(what, new AtomicBoolean(), new CompletableFuture<>());
    }

    /** Whoever gets true decides what becomes of it. */
    boolean begin() {
      return begun.compareAndSet(false, true);
    }

    void carryOut() {
      if (begin()) {
        try {
          answer.complete(what.get());
        } catch (RuntimeException | Error e) {
          answer.completeExceptionally(e);
        }
      }
    }

    void refuse(String reason) {
      if (begin()) {
        answer.completeExceptionally(new IllegalStateException(reason));
      }
    }
  }

  /** What others see, all of one moment. */
  record Snapshot(List<SessionStatus> sessions, Accounting accounting) {}

  /**
   * @param retained events kept per task, a power of two
   */
  TagStream(int tag, int retained, Vocabulary vocabulary, AlertLog log, Watcher watcher) {
    this.tag = tag;
    this.retained = retained;
    this.watcher = watcher;
    this.symbols = new SymbolTable(vocabulary);
    this.alarms = new Alarms(tag, log, symbols);
    this.scoring = new Scoring(ledger, symbols, this);
    this.past = new Past(symbols, ledger, this);
    this.familiarity = new Familiarity(tag, symbols);
    this.runner =
        new AgentRunner(
            idle,
            e -> LOG.error("scoring thread of tag {} failed in a duty cycle", tag, e),
            null,
            this);
  }

  void start() {
    AgentRunner.startOnThread(runner, task -> Urgent.thread(task, roleName()));
  }

  @Override
  public String roleName() {
    return "tagwatch-score-" + tag;
  }

  Vocabulary vocabulary() {
    return symbols.vocabulary();
  }

  int retained() {
    return retained;
  }

  /** Any thread: the scorer in service; null if there is none. */
  ScorerBinding inService() {
    return inService;
  }

  /** Any thread: which program is not the one that the model was learned from; empty if none. */
  String staleness() {
    return staleness;
  }

  /** Any thread: wakes the scoring thread if it sleeps. */
  void wakeUp() {
    idle.wakeUp();
  }

  @Override
  public int doWork() {
    int work = 0;
    for (Order<?> order = orders.poll(); order != null; order = orders.poll()) {
      order.carryOut();
      work++;
    }
    try {
      work += ring.read(handler, Scoring.BATCH);
      scoring.flush();
    } finally {
      ledger.taken.add(taken);
      taken = 0;
    }
    if (tap != null) {
      tap.signal();
    }
    return work;
  }

  @Override
  public void onClose() {
    closed = true;
    refuseOrders();
  }

  private void refuseOrders() {
    for (Order<?> order = orders.poll(); order != null; order = orders.poll()) {
      order.refuse("the tag is no longer played");
    }
  }

  // Orders: any thread but the scoring thread.

  /** Carries an order out on the scoring thread and waits for it. */
  <T> T ask(String what, Supplier<T> order) throws PlayerException {
    return ask(what, order, () -> {});
  }

  /**
   * The same.
   *
   * @param withdrawn run by the caller's thread if the order is given up before it was begun; one
   *     that was begun is still carried out to its end
   */
  private <T> T ask(String what, Supplier<T> wanted, Runnable withdrawn) throws PlayerException {
    Order<T> order = new Order<>(wanted);
    orders.add(order);
    if (closed) {
      refuseOrders();
    }
    wakeUp();
    try {
      return order.answer.get(ORDER_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      giveUp(order, withdrawn);
      throw new PlayerException(
          "the scoring thread of tag "
              + tag
              + " did not answer within "
              + ORDER_TIMEOUT_S
              + " s: "
              + what
              + "; its scorer may be stuck ("
              + engineName()
              + ")",
          e);
    } catch (InterruptedException e) {
      giveUp(order, withdrawn);
      Thread.currentThread().interrupt();
      throw new PlayerException("interrupted while waiting: " + what, e);
    } catch (ExecutionException e) {
      if (closed) {
        withdrawn.run();
      }
      throw new PlayerException(what + " failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static void giveUp(Order<?> order, Runnable withdrawn) {
    if (order.begin()) {
      withdrawn.run();
    }
  }

  private String engineName() {
    ScorerBinding binding = inService;
    return binding == null ? "no scorer" : binding.provider;
  }

  /**
   * Order: another scorer, or null for none. The one before, or the new one if it fails, is closed
   * by the scoring thread, since nobody else may call it.
   *
   * @throws PlayerException if the new one failed at its first rows; the present one goes on
   */
  void takeOver(ScorerBinding next) throws PlayerException {
    Runnable close = next == null ? () -> {} : next::close;
    String refused = ask("take over a scorer", () -> swap(next), close);
    if (!refused.isEmpty()) {
      throw new PlayerException(refused);
    }
  }

  private String swap(ScorerBinding next) {
    ScorerBinding before = scoring.binding();
    try {
      scoring.takeOver(next, all());
    } catch (ScorerBinding.ScoringException e) {
      next.close();
      return e.getMessage();
    }
    inService = scoring.binding();
    if (next != null) {
      alarms.rehearse(next);
    }
    catchUpEnded();
    if (before != null && before != next) {
      before.close();
    }
    live().forEach(this::judgeBuild);
    tellStaleness();
    return "";
  }

  /** Order: the gate. */
  void gate(Gate gate) throws PlayerException {
    ask(
        "set the gate",
        () -> {
          if (alarms.gate(gate)) {
            // what is above the threshold now is judged by the new gate too, not only what crosses
            // it later
            all().forEach(session -> session.alarmed = false);
          }
          scoring.recordOnly(gate == Gate.LEARN, all());
          catchUpEnded();
          return null;
        });
  }

  /** Order: where images come from and verdicts go; null while no source is open. */
  void source(EventSource source, boolean imagesCloseGaps) throws PlayerException {
    ask(
        "change the source",
        () -> {
          alarms.source(source);
          familiarity.source(source);
          past.source(imagesCloseGaps ? source : null);
          return null;
        });
  }

  /** Order: where events are copied to; null for nowhere. Returns the one before. */
  RecordingTap tap(RecordingTap next) throws PlayerException {
    return ask(
        "change the recording",
        () -> {
          RecordingTap before = tap;
          tap = next;
          if (next != null) {
            for (Session session : live()) {
              next.started(session.handle, asItIsNow(session));
            }
          }
          return before;
        });
  }

  private static TaskStart asItIsNow(Session session) {
    TaskStart start = session.start;
    return new TaskStart(
        start.task(),
        start.process(),
        start.parent(),
        start.tag(),
        session.executable,
        start.timestampNs(),
        TaskStart.Origin.RESUMED);
  }

  /** Order: the live tasks and the counters. */
  Snapshot snapshot() throws PlayerException {
    return ask(
        "read tasks and counters",
        () -> {
          List<SessionStatus> list = new ArrayList<>();
          for (Session session : live()) {
            list.add(
                new SessionStatus(
                    tag,
                    session.start.task(),
                    session.start.process(),
                    session.start.parent().map(key -> key.threadId()).orElse(0),
                    session.executable,
                    session.sequence,
                    session.score,
                    session.highest,
                    session.stopped() ? session.verdict.toString() : ""));
          }
          return new Snapshot(list, ledger.snapshot());
        });
  }

  /**
   * Order: somebody put a verdict on a process by hand, or (null) lifted it: then its tasks, and
   * those that had it as descendants, raise alarms again.
   */
  void verdict(TaskKey process, Verdict verdict) throws PlayerException {
    ask(
        "note a verdict",
        () -> {
          for (Session session : live()) {
            if (session.start.process().equals(process)) {
              note(session, process, verdict);
            }
          }
          return null;
        });
  }

  private void note(Session session, TaskKey process, Verdict verdict) {
    if (verdict == null && session.verdict != null && !session.start.process().equals(process)) {
      // a descendant may have the verdict in its own name, if it came into view after its parent's
      alarms.lift(session);
    }
    session.verdict = verdict;
    session.alarmed = false;
    boolean descendants = verdict == null || verdict.scope() != Verdict.Scope.PROCESS;
    for (Session child : session.children) {
      if (descendants || child.sameProcess(session)) {
        note(child, process, verdict);
      }
    }
  }

  private Collection<Session> live() {
    return byTask.values();
  }

  private Collection<Session> all() {
    List<Session> all = new ArrayList<>(live());
    all.addAll(ended);
    return all;
  }

  // Messages: scoring thread.

  @Override
  public void event(
      int handle, int hookId, long sequence, long timeNs, DirectBuffer buffer, int at, int length) {
    taken++;
    Session session = sessions[handle];
    // null: a source that goes on about a task that it said had ended
    if (session == null || (sequence != session.sequence + 1 && !inOrder(session, sequence))) {
      ledger.duplicates.add(1);
      return;
    }
    session.anySequence = true;
    push(session, hookId, sequence, timeNs, buffer, at, length);
  }

  private void push(
      Session session,
      int hookId,
      long sequence,
      long timeNs,
      DirectBuffer buffer,
      int at,
      int length) {
    scoring.makeRoom(session);
    session.push(symbols.symbol(hookId, buffer, at, length), sequence, timeNs);
    scoring.pushed(session);
    if (tap != null) {
      tap.event(session.handle, hookId, sequence, timeNs, buffer, at, length);
    }
  }

  @Override
  public void recovered(
      Session session, int hookId, long sequence, long timeNs, DirectBuffer slots, int length) {
    push(session, hookId, sequence, timeNs, slots, 0, length);
  }

  @Override
  public void missing(Session session, long count) {
    scoring.flush();
    session.breakContext(UnknownReason.GAP);
    ledger.gaps.add(count);
    if (tap != null) {
      tap.gap(session.handle, count);
    }
  }

  /** An event out of turn: false if it was seen before; else the gap before it is dealt with. */
  private boolean inOrder(Session session, long sequence) {
    if (!session.anySequence) {
      resume(session, sequence);
      return true;
    }
    if (sequence <= session.sequence) {
      return false;
    }
    if (session.announcedLoss > 0 && session.announcedAfter == session.sequence) {
      session.sequence += Math.min(session.announcedLoss, sequence - session.sequence - 1);
      session.announcedLoss = 0;
    }
    if (sequence > session.sequence + 1) {
      scoring.flush();
      if (past.close(session, sequence) > 0) {
        gapAlarm(session);
      } else {
        session.gapsInARow = 0;
      }
    }
    return true;
  }

  /** First event of a task that was watched before: what came before it is context. */
  private void resume(Session session, long sequence) {
    if (sequence > 1) {
      scoring.flush();
      past.recall(session, sequence);
      if (session.sequence != sequence - 1) {
        session.breakContext(UnknownReason.WARM_UP);
      }
      scoring.rescore(session);
    }
  }

  private void gapAlarm(Session session) {
    ScorerBinding binding = scoring.binding();
    if (binding != null) {
      alarms.gap(session, binding);
    }
  }

  @Override
  public void started(int handle, TaskStart start) {
    Session session = new Session(handle, start, retained);
    session.anySequence = start.origin() != TaskStart.Origin.RESUMED;
    Session parent = start.parent().map(byTask::get).orElse(null);
    session.root = parent == null ? start.parent().isEmpty() : isRoot(parent, start);
    session.build = parent == null ? start.executable().buildId() : parent.build;
    judgeBuild(session);
    if (session.stale && (parent == null || !parent.stale)) {
      tellStaleness(session);
    }
    if (parent != null && start.origin() == TaskStart.Origin.FORKED) {
      scoring.flush();
      session.inherit(parent);
      if (parent.stopped()) {
        alarms.forkedBy(parent, session);
      }
    }
    if (handle >= sessions.length) {
      sessions = Arrays.copyOf(sessions, Math.max(handle + 1, sessions.length * 2));
    }
    sessions[handle] = session;
    byTask.put(start.task(), session);
    if (tap != null) {
      tap.started(handle, start);
    }
  }

  private static boolean isRoot(Session parent, TaskStart start) {
    return parent.root && parent.start.process().equals(start.process());
  }

  @Override
  public void executed(int handle, Executable executable, long timeNs) {
    Session session = sessions[handle];
    if (session == null) {
      return;
    }
    session.executable = executable;
    if (session.root) {
      rebuild(session, executable.buildId());
      tellStaleness();
    }
    if (tap != null) {
      tap.executed(handle, executable, timeNs);
    }
  }

  @Override
  public void gap(int handle, long lost) {
    Session session = sessions[handle];
    if (session == null || lost <= 0) {
      return;
    }
    missing(session, lost);
    session.announcedLoss =
        lost + (session.announcedAfter == session.sequence ? session.announcedLoss : 0);
    session.announcedAfter = session.sequence;
    gapAlarm(session);
  }

  /** Only the first program of a tree is compared: what it starts may be anything. */
  private static void rebuild(Session session, String buildId) {
    session.build = buildId;
    session.children.forEach(child -> rebuild(child, buildId));
  }

  private void judgeBuild(Session session) {
    ScorerBinding binding = scoring.binding();
    session.stale =
        binding != null
            && !session.build.isEmpty()
            && !binding.buildIds.isEmpty()
            && !binding.buildIds.contains(session.build);
  }

  private void tellStaleness() {
    live().forEach(this::judgeBuild);
    Session stale = null;
    for (Session session : live()) {
      if (session.stale && (stale == null || session.root)) {
        stale = session;
      }
    }
    if (stale == null) {
      staleness = "";
    } else {
      tellStaleness(stale);
    }
  }

  private void tellStaleness(Session stale) {
    ScorerBinding binding = scoring.binding();
    String text =
        "pid "
            + stale.start.process().threadId()
            + " runs "
            + stale.executable.path()
            + " with build id "
            + stale.build
            + ", model "
            + binding.model.manifest().version()
            + " was learned from "
            + String.join(", ", new TreeSet<>(binding.buildIds))
            + ": it is scored in monitor only; record and learn again";
    if (staleness.isEmpty()) {
      LOG.warn("tag {}: {}", tag, text);
    }
    staleness = text;
  }

  @Override
  public void exited(int handle, long timeNs, long lastSequence) {
    Session session = sessions[handle];
    if (session == null) {
      return;
    }
    scoring.flush();
    long last = Math.max(lastSequence, session.sequence);
    if (session.anySequence && last > session.sequence) {
      ledger.gaps.add(last - session.sequence - unseenAnnounced(session));
    }
    if (tap != null) {
      tap.exited(handle, timeNs, last);
    }
    if (lastSequence != OUT_OF_SIGHT) {
      session.exited = true;
      session.exitedNs = timeNs;
      session.exitedSequence = last;
      alarms.exited(session, timeNs, last);
    }
    session.leaveTree();
    sessions[handle] = null;
    byTask.remove(session.start.task(), session);
    freeHandles.add(handle);
    if (session.waiting() > 0) {
      keepEnded(session);
    }
    if (session.stale) {
      tellStaleness();
    }
  }

  private static long unseenAnnounced(Session session) {
    return session.announcedAfter == session.sequence ? session.announcedLoss : 0;
  }

  private void keepEnded(Session session) {
    ended.addLast(session);
    if (ended.size() > ENDED_SESSIONS_KEPT) {
      scoring.abandon(ended.removeFirst(), UnknownReason.NO_SCORER);
    }
  }

  private void catchUpEnded() {
    scoring.flush();
    ended.removeIf(session -> session.waiting() == 0);
  }

  @Override
  public void scored(Session session, long at, long timeNs, ScorerBinding by) {
    if (!scoredBefore) {
      scoredBefore = true;
      watcher.firstScore();
    }
    alarms.scored(session, at, timeNs, by);
    familiarity.scored(session, at, by);
  }

  @Override
  public void failed(ScorerBinding binding, String reason) {
    inService = null;
    binding.close();
    watcher.scorerFailed(this, binding, reason);
  }

  /** Ends the thread; one that is stuck in a scorer is left behind, and named. */
  @Override
  public void close() {
    Stuck.close(runner, "the scoring thread of tag " + tag + " in " + engineName());
  }
}
