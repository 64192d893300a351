// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.ControlledMessageHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;

/**
 * The scoring thread of one tag and what belongs to it: sessions, scorer, alarms, recording. Others
 * give it orders, which it carries out between two micro-batches. A thread that does not come back
 * from a provider is relieved; its successor goes on with all that was its.
 */
final class TagStream implements Scoring.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagStream.class);
  private static final int RING_BYTES = 2 << 20;
  private static final long NAP_NS = 200_000;

  /** Told about things that only the coordinator can mend. */
  interface Watcher {
    /**
     * The scorer failed and is out of service; the stream has put its stand-in there, if any.
     * Whoever is told closes it.
     */
    void scorerFailed(TagStream stream, ScorerBinding binding, String reason);

    /** The first event of the process was scored. */
    void firstScore();

    /** The policy failed on a detection. */
    default void policyFailed(TagStream stream, Alarms.Judge judge, String reason) {}
  }

  final int tag;
  final Ledger ledger = new Ledger();
  final EventRing ring = new EventRing(RING_BYTES);
  final AgeGauge gauge = new AgeGauge(ring);
  final Alarms alarms;

  /** Handles whose session is gone; taken by the drain. */
  final Queue<Integer> freeHandles = new ConcurrentLinkedQueue<>();

  private final int retained;
  private final long holdNs;
  private final SymbolTable symbols;
  private final SessionTable table = new SessionTable();
  private final Scoring scoring;
  private final Enforcing enforcing;
  private final Past past;
  private final Builds builds;
  private final Familiarity familiarity;
  private final TaskEvents events;
  private final Watcher watcher;
  private final ControlledMessageHandler handler;
  private final Orders orders;
  private boolean scoredBefore;
  private volatile ScorerBinding standIn;
  private long holdUntilNs;
  private volatile Duty duty;
  private volatile ScorerBinding inService;

  /** What others see, all of one moment. */
  record Snapshot(List<SessionStatus> sessions, Accounting accounting) {}

  TagStream(int tag, int retained, Vocabulary vocabulary, AlertLog log, Watcher watcher) {
    this(tag, retained, 0, vocabulary, log, watcher);
  }

  /**
   * @param retained events kept per task, a power of two
   * @param holdNs how long events stay in the ring for a scorer that is expected, as far as there
   *     is room: longer than in the sessions' rings, where the newest overwrite the oldest
   */
  TagStream(
      int tag, int retained, long holdNs, Vocabulary vocabulary, AlertLog log, Watcher watcher) {
    this.tag = tag;
    this.retained = retained;
    this.holdNs = holdNs;
    this.watcher = watcher;
    this.symbols = new SymbolTable(vocabulary);
    Caller caller = WatchedThread.CALLER;
    this.enforcing = new Enforcing(tag, caller);
    this.alarms =
        new Alarms(
            tag,
            log,
            symbols,
            caller,
            enforcing,
            (judge, reason) -> watcher.policyFailed(this, judge, reason));
    this.scoring = new Scoring(ledger, symbols, this, caller);
    this.builds = new Builds(tag);
    this.familiarity = new Familiarity(tag, symbols, caller);
    this.events =
        new TaskEvents(retained, table, symbols, ledger, scoring, alarms, builds, freeHandles);
    this.past = new Past(symbols, ledger, events, caller);
    this.events.past(past);
    this.handler = ring.pickyHandlerOf(events);
    this.orders = new Orders("the scoring thread of tag " + tag, this::wakeUp);
    this.duty = new Duty(null);
  }

  void start() {
    duty.start();
  }

  Vocabulary vocabulary() {
    return symbols.vocabulary();
  }

  SymbolTable symbols() {
    return symbols;
  }

  int retained() {
    return retained;
  }

  /** Any thread: the scorer in service; null if there is none. */
  ScorerBinding inService() {
    return inService;
  }

  /** Any thread: who stands in for it if it fails; null if nobody does. */
  ScorerBinding standIn() {
    return standIn;
  }

  /** Any thread: which program is not the one that the model was learned from; empty if none. */
  String staleness() {
    return builds.staleness();
  }

  /** Any thread: wakes the scoring thread if it sleeps. */
  void wakeUp() {
    duty.idle.wakeUp();
  }

  /** Any thread: whether it is the stream's scoring thread. */
  boolean isScoredBy(Thread thread) {
    return duty.thread == thread;
  }

  // The thread on duty.

  /** One thread's duty; it ends when the stream is closed or the thread is relieved. */
  private final class Duty implements Agent {
    private final WakeableIdle idle = new WakeableIdle(() -> ring.isEmpty() && orders.isEmpty());
    private final AgentRunner runner =
        new AgentRunner(
            idle,
            e -> {
              if (!(e instanceof AgentTerminationException)) {
                LOG.error("scoring thread of tag {} failed in a duty cycle", tag, e);
              }
            },
            null,
            this);
    private Shift.Callee lostBefore;
    private volatile WatchedThread thread;

    /**
     * @param lostBefore what the thread before is lost in; null if there was none
     */
    Duty(Shift.Callee lostBefore) {
      this.lostBefore = lostBefore;
    }

    void start() {
      AgentRunner.startOnThread(
          runner,
          task -> {
            thread = new WatchedThread(task, roleName());
            Urgent.make(thread);
            return thread;
          });
    }

    @Override
    public String roleName() {
      return "tagwatch-score-" + tag;
    }

    @Override
    public int doWork() {
      try {
        if (lostBefore != null) {
          Shift.Callee lostIn = lostBefore;
          lostBefore = null;
          succeed(lostIn);
        }
        return work();
      } catch (Shift.Relieved e) {
        e.lostIn().returned();
        throw new AgentTerminationException();
      }
    }

    @Override
    public void onClose() {
      if (duty == this) {
        orders.close();
      }
    }
  }

  private int work() {
    int work = orders.carryOut();
    if (holds()) {
      LockSupport.parkNanos(NAP_NS);
      return work + 1;
    }
    gauge.mark();
    work += ring.readSome(handler, Scoring.BATCH);
    ledger.taken.add(events.taken());
    scoring.flush();
    work += alarms.work();
    if (events.isOutOfTurn()) {
      events.putInTurn();
      work += 1 + alarms.work();
    }
    gauge.read();
    familiarity.tell();
    if (events.tap() != null) {
      events.tap().signal();
    }
    return work;
  }

  /** While a scorer is expected: events that are read now could be overwritten before it comes. */
  private boolean holds() {
    return holdUntilNs != 0
        && scoring.binding() == null
        && System.nanoTime() - holdUntilNs < 0
        && ring.producerPosition() - ring.consumerPosition() < RING_BYTES / 2;
  }

  /** The thread before did not come back from a call: what it had begun is brought to an end. */
  private void succeed(Shift.Callee lostIn) {
    String reason = lostIn.provider() + " did not come back from a call";
    orders.failCurrent(reason);
    alarms.succeed(lostIn);
    if (lostIn == scoring.binding()) {
      scoring.withdraw(reason);
    } else if (lostIn instanceof Enforcing.Target) {
      // until it is opened again: each call could cost another thread
      enforcing.target(null);
      past.target(null);
      familiarity.target(null);
    }
  }

  /**
   * Any thread: relieves the scoring thread if it has been in one call of a provider for so long,
   * and has another one go on.
   *
   * @return what it is lost in; null if it is not
   */
  Shift.Callee relieve(long afterNs) {
    WatchedThread thread = duty.thread;
    Shift.Callee lostIn = thread == null ? null : thread.shift.relieve(afterNs);
    if (lostIn == null) {
      return null;
    }
    if (lostIn instanceof ScorerBinding binding) {
      binding.abandon();
    }
    Duty next = new Duty(lostIn);
    duty = next;
    next.start();
    thread.interrupt();
    return lostIn;
  }

  // Orders: any thread but the scoring thread.

  /** Carries an order out on the scoring thread and waits for it. */
  <T> T ask(String what, Supplier<T> order) throws PlayerException {
    return orders.ask(what, order);
  }

  private void tell(String what, Runnable order) throws PlayerException {
    orders.ask(
        what,
        () -> {
          order.run();
          return null;
        });
  }

  /** Puts a scorer in service and closes the one before; null: only that. */
  void takeOver(ScorerBinding next) throws PlayerException {
    Takeover.of(this, next, new Pause()).closeBefore();
  }

  /** What was in service when another scorer took over. */
  record Before(ScorerBinding binding, ScorerBinding standIn) {}

  /**
   * Order: a prepared scorer takes over, or (null) the present one goes without a successor.
   *
   * @param keepBefore whether the present one stands in for its successor if that one fails
   */
  Before takeOver(Understudy next, boolean keepBefore, Pause pause) throws PlayerException {
    try {
      return orders.ask(
          "take over a scorer", () -> swap(next, keepBefore, pause, System.nanoTime()));
    } catch (PlayerException e) {
      throw e.getCause() != null
              && e.getCause().getCause() instanceof ScorerBinding.ScoringException
          ? new PlayerException(e.getCause().getCause().getMessage(), e)
          : e;
    }
  }

  private Before swap(Understudy next, boolean keepBefore, Pause pause, long beganNs) {
    if (next != null && !next.begin()) {
      throw new IllegalStateException("it was given up");
    }
    scoring.flush();
    Before before = new Before(scoring.binding(), standIn);
    try {
      scoring.takeOver(next, table.all());
    } catch (ScorerBinding.ScoringException e) {
      throw new IllegalStateException(e);
    }
    standIn = keepBefore ? before.binding : null;
    served(next == null);
    gauge.paused(pause, beganNs, true);
    return before;
  }

  /** Another scorer is in service, or none. */
  private void served(boolean expectNext) {
    inService = scoring.binding();
    holdUntilNs = expectNext && holdNs > 0 ? System.nanoTime() + holdNs : 0;
    table.forgetSettled();
    builds.compareWith(inService, table.live());
  }

  /** Order: nobody stands in for the present scorer any more; returns who did. */
  ScorerBinding dismissStandIn() throws PlayerException {
    return ask(
        "dismiss the stand-in",
        () -> {
          ScorerBinding dismissed = standIn;
          standIn = null;
          return dismissed;
        });
  }

  /** Order: the sessions of all live tasks. */
  List<Session> sessions() throws PlayerException {
    return ask("list tasks", () -> new ArrayList<>(table.live()));
  }

  /**
   * Order: copies of the rings of those sessions that have gone on and still live.
   *
   * @param pause notes how long it took; null if that does not count
   */
  List<Understudy.Copy> copies(List<Session> of, Predicate<Session> lags, Pause pause)
      throws PlayerException {
    return ask(
        "copy rings",
        () -> {
          final long beganNs = System.nanoTime();
          List<Understudy.Copy> copies = new ArrayList<>(of.size());
          for (Session session : of) {
            if (table.get(session.handle) == session && lags.test(session)) {
              copies.add(Understudy.Copy.of(session));
            }
          }
          if (pause != null) {
            gauge.paused(pause, beganNs, false);
          }
          return copies;
        });
  }

  /** Order: the gate. */
  void gate(Gate gate) throws PlayerException {
    tell(
        "set the gate",
        () -> {
          if (alarms.gate(gate)) {
            // what is above the threshold now is judged by the new gate too, not only what crosses
            // it later
            table.all().forEach(session -> session.alarmed = false);
          }
          scoring.recordOnly(gate == Gate.LEARN, table.all());
          scoring.flush();
          table.forgetSettled();
        });
  }

  /** Order: who judges, and the verdict if that fails. */
  void judge(Alarms.Judge judge, Verdict failSafe, Pause pause) throws PlayerException {
    tell(
        "change the policy",
        () -> {
          final long beganNs = System.nanoTime();
          alarms.judge(judge, failSafe);
          gauge.paused(pause, beganNs, true);
        });
  }

  /** Order: where images come from and verdicts go; null while no source is open. */
  void source(Enforcing.Target source, boolean imagesCloseGaps, Pause pause)
      throws PlayerException {
    tell(
        "change the source",
        () -> {
          final long beganNs = System.nanoTime();
          enforcing.target(source);
          past.target(imagesCloseGaps ? source : null);
          familiarity.target(source);
          gauge.paused(pause, beganNs, true);
        });
  }

  /** Order: who is told of tasks that end. */
  void endings(TaskEvents.Endings listener) throws PlayerException {
    tell("follow endings", () -> events.endings(listener));
  }

  /** Order: where events are copied to; null for nowhere. Returns the one before. */
  RecordingTap tap(RecordingTap next) throws PlayerException {
    return ask(
        "change the recording",
        () -> {
          RecordingTap before = events.tap();
          events.tap(next);
          if (next != null) {
            for (Session session : table.live()) {
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
          table.live().forEach(session -> list.add(status(session)));
          return new Snapshot(list, ledger.snapshot());
        });
  }

  private SessionStatus status(Session session) {
    return new SessionStatus(
        tag,
        session.start.task(),
        session.start.process(),
        session.start.parent().map(TaskKey::threadId).orElse(0),
        session.executable,
        session.sequence,
        session.score,
        session.highest,
        session.stopped() ? session.verdict.toString() : "");
  }

  /**
   * Order: somebody put a verdict on a process by hand, or (null) lifted it: then its tasks, and
   * those that had it as descendants, raise alarms again.
   */
  void verdict(TaskKey process, Verdict verdict) throws PlayerException {
    tell(
        "note a verdict",
        () -> {
          for (Session session : table.live()) {
            if (session.start.process().equals(process)) {
              note(session, process, verdict);
            }
          }
        });
  }

  private void note(Session session, TaskKey process, Verdict verdict) {
    if (verdict == null && session.verdict != null && !session.start.process().equals(process)) {
      // a descendant may have the verdict in its own name, if it came into view after its parent's
      enforcing.lift(session);
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

  // What the scoring tells: scoring thread.

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
  public void replaced(Session session, ScorerBinding by) {
    alarms.replaced(session, by);
  }

  @Override
  public void failed(ScorerBinding binding, String reason) {
    ScorerBinding next = standIn;
    standIn = null;
    served(true);
    if (next != null) {
      try {
        scoring.takeOver(next, table.all());
        served(false);
      } catch (ScorerBinding.ScoringException e) {
        watcher.scorerFailed(this, next, e.getMessage());
      }
    }
    watcher.scorerFailed(this, binding, reason);
  }

  /** Ends the thread; one that is stuck in a provider is left behind, and named. */
  @Override
  public void close() {
    Stuck.close(duty.runner, "the scoring thread of tag " + tag);
  }
}
