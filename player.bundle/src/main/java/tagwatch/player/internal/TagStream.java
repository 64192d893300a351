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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
import tagwatch.event.Vocabulary;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.player.UnknownReason;
import tagwatch.transport.EventSource;

/**
 * The scoring thread of one tag and what belongs to it: sessions, scorer, alarms, recording. Others
 * give it orders, which it carries out between two micro-batches.
 */
final class TagStream implements Agent, EventRing.Consumer, Scoring.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagStream.class);
  private static final int RING_BYTES = 4 << 20;
  private static final int ENDED_SESSIONS_KEPT = 1024;
  private static final long ORDER_TIMEOUT_S = 2;

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
  private final AlertLog log;
  private final Watcher watcher;
  private final MessageHandler handler = ring.handlerOf(this);
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final WakeableIdle idle = new WakeableIdle(() -> ring.isEmpty() && orders.isEmpty());
  private final AgentRunner runner;
  private final ArrayDeque<Session> ended = new ArrayDeque<>();
  private final Past past;
  private final Map<TaskKey, Session> byTask = new HashMap<>();
  private Session[] sessions = new Session[64];
  private RecordingTap tap;
  private boolean scoredBefore;
  private volatile int tasks;

  /**
   * @param retained events kept per task, a power of two
   */
  TagStream(int tag, int retained, Vocabulary vocabulary, AlertLog log, Watcher watcher) {
    this.tag = tag;
    this.retained = retained;
    this.log = log;
    this.watcher = watcher;
    this.symbols = new SymbolTable(vocabulary);
    this.alarms = new Alarms(tag, log, symbols);
    this.scoring = new Scoring(ledger, symbols, this);
    this.past = new Past(symbols, ledger);
    this.runner =
        new AgentRunner(
            idle,
            e -> LOG.error("scoring thread of tag {} failed in a duty cycle", tag, e),
            null,
            this);
  }

  void start() {
    AgentRunner.startOnThread(
        runner,
        task -> {
          Thread thread = new Thread(task, roleName());
          thread.setDaemon(true);
          return thread;
        });
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

  /** Any thread: live tasks. */
  int tasks() {
    return tasks;
  }

  /** Any thread: wakes the scoring thread if it sleeps. */
  void wakeUp() {
    idle.wakeUp();
  }

  @Override
  public int doWork() {
    int work = 0;
    for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
      order.run();
      work++;
    }
    work += ring.read(handler, Scoring.BATCH);
    scoring.flush();
    if (tap != null) {
      tap.signal();
    }
    return work;
  }

  // Orders: any thread but the scoring thread.

  /** Carries an order out on the scoring thread and waits for it. */
  <T> T ask(String what, Supplier<T> order) throws PlayerException {
    CompletableFuture<T> answer = new CompletableFuture<>();
    orders.add(
        () -> {
          try {
            answer.complete(order.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    wakeUp();
    try {
      return answer.get(ORDER_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
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
      Thread.currentThread().interrupt();
      throw new PlayerException("interrupted while waiting: " + what, e);
    } catch (ExecutionException e) {
      throw new PlayerException(what + " failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private String engineName() {
    ScorerBinding binding = scoring.binding();
    return binding == null ? "no scorer" : binding.provider;
  }

  /**
   * Order: another scorer, or null for none. The one before is closed here, since nobody else may
   * call it.
   *
   * @throws PlayerException if the new one failed at its first rows; the present one goes on
   */
  void takeOver(ScorerBinding next) throws PlayerException {
    String refused =
        ask(
            "take over a scorer",
            () -> {
              ScorerBinding before = scoring.binding();
              try {
                scoring.takeOver(next, all());
              } catch (ScorerBinding.ScoringException e) {
                return e.getMessage();
              }
              catchUpEnded();
              if (before != null) {
                before.close();
              }
              return "";
            });
    if (!refused.isEmpty()) {
      throw new PlayerException(refused);
    }
  }

  /** Order: the gate. */
  void gate(Gate gate) throws PlayerException {
    ask(
        "set the gate",
        () -> {
          alarms.gate(gate);
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

  /** Order: the live tasks. */
  List<SessionStatus> sessionStatus() throws PlayerException {
    return ask(
        "list the tasks",
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
                    session.stopped ? "stopped" : ""));
          }
          return list;
        });
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
    ledger.taken.add(1);
    Session session = sessions[handle];
    if (sequence != session.sequence + 1 && !inOrder(session, sequence)) {
      ledger.duplicates.add(1);
      return;
    }
    session.anySequence = true;
    session.sequence = sequence;
    session.lastTimeNs = timeNs;
    push(session, symbols.symbol(hookId, buffer, at, length));
    if (tap != null) {
      tap.event(handle, hookId, sequence, timeNs, buffer, at, length);
    }
  }

  private void push(Session session, short symbol) {
    scoring.makeRoom(session);
    session.push(symbol);
    scoring.pushed(session);
  }

  /** An event out of turn: false if it was seen before; else the gap before it is dealt with. */
  private boolean inOrder(Session session, long sequence) {
    if (!session.anySequence) {
      if (sequence > 1) {
        scoring.flush();
        past.recall(session, sequence);
        scoring.rescore(session);
      }
      return true;
    }
    if (sequence <= session.sequence) {
      return false;
    }
    scoring.flush();
    long before = session.sequence;
    long recovered = past.close(session, sequence, symbol -> push(session, symbol));
    long lost = sequence - before - 1 - recovered;
    ledger.gaps.add(lost);
    if (lost > 0) {
      brokenBy(session, lost);
    } else {
      session.gapsInARow = 0;
    }
    return true;
  }

  private void brokenBy(Session session, long lost) {
    if (tap != null) {
      tap.gap(session.handle, lost);
    }
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
    if (parent != null && start.origin() == TaskStart.Origin.FORKED) {
      scoring.flush();
      session.inherit(parent);
    }
    if (handle >= sessions.length) {
      sessions = Arrays.copyOf(sessions, Math.max(handle + 1, sessions.length * 2));
    }
    sessions[handle] = session;
    byTask.put(start.task(), session);
    tasks = byTask.size();
    if (tap != null) {
      tap.started(handle, start);
    }
  }

  private static boolean isRoot(Session parent, TaskStart start) {
    return parent.root && parent.start.process().equals(start.process());
  }

  @Override
  public void executed(int handle, Executable executable, long timeNs) {
    sessions[handle].executable = executable;
    if (tap != null) {
      tap.executed(handle, executable, timeNs);
    }
  }

  @Override
  public void gap(int handle, long lost) {
    Session session = sessions[handle];
    scoring.flush();
    session.breakContext(UnknownReason.GAP);
    ledger.gaps.add(lost);
    brokenBy(session, lost);
  }

  @Override
  public void exited(int handle, long timeNs, long lastSequence) {
    Session session = sessions[handle];
    scoring.flush();
    if (session.anySequence && lastSequence > session.sequence) {
      ledger.gaps.add(lastSequence - session.sequence);
    }
    if (tap != null) {
      tap.exited(handle, timeNs, lastSequence);
    }
    alarms.exited(session, timeNs, Math.max(lastSequence, session.sequence));
    session.exited = true;
    session.leaveTree();
    sessions[handle] = null;
    byTask.remove(session.start.task(), session);
    freeHandles.add(handle);
    tasks = byTask.size();
    if (session.waiting() > 0) {
      keepEnded(session);
    }
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
  public void scored(Session session, long at, ScorerBinding by) {
    if (!scoredBefore) {
      scoredBefore = true;
      watcher.firstScore();
    }
    alarms.scored(session, at, by);
  }

  @Override
  public void failed(ScorerBinding binding, String reason) {
    watcher.scorerFailed(this, binding, reason);
  }

  AlertLog log() {
    return log;
  }

  @Override
  public void close() {
    runner.close();
  }
}
