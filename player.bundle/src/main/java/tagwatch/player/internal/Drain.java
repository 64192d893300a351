// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.transport.EventSource;

/**
 * The thread that takes events from one source. It never waits for a scorer.
 *
 * <p>Between two polls of a busy source it sleeps until something unfamiliar comes, at most a
 * millisecond: polling without a pause costs three times as much per event, for falling asleep and
 * waking the scoring thread each time. After something unfamiliar it polls in short turns for a
 * while, since an attack is more than one event. Idle, it asks the source for a wake-up; some turns
 * before that keep a producer that pauses shortly from paying for it. Measured in {@code bench/}.
 */
final class Drain implements Agent, IdleStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final int LIMIT = 4096;
  private static final int IDLE_TURNS = 4;
  private static final int TENSE_TURNS = 20;
  private static final long SHORT_TURN_NS = 60_000;
  private static final long TURN_NS = 1_000_000;
  private static final long AWAIT_NS = 100_000_000;

  /** A source that fails is asked again after a rest, not at once. */
  private static final long REST_NS = 100_000_000;

  /** Is told that the source failed. */
  @FunctionalInterface
  interface Failures {
    void failed(Enforcing.Target target, String reason);
  }

  private final String name;
  private final Enforcing.Target target;
  private final EventSource source;
  private final Intake intake;
  private final Failures failures;
  private final AgentRunner runner;
  private volatile WatchedThread thread;
  private volatile boolean relieved;
  private long callsSeen;
  private long progressNs = System.nanoTime();
  private int idles;
  private int tense;
  private volatile boolean closing;

  Drain(String name, Enforcing.Target target, Intake intake, Failures failures) {
    this.name = name;
    this.target = target;
    this.source = target.source();
    this.intake = intake;
    this.failures = failures;
    this.runner = new AgentRunner(this, this::failedItself, null, this);
  }

  private void failedItself(Throwable failure) {
    if (!(failure instanceof AgentTerminationException)) {
      LOG.error("drain of {} failed in a duty cycle", name, failure);
    }
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

  Enforcing.Target target() {
    return target;
  }

  @Override
  public String roleName() {
    return "tagwatch-drain-" + name;
  }

  @Override
  public int doWork() {
    if (relieved) {
      throw new AgentTerminationException();
    }
    int work = 0;
    Throwable failure = null;
    WatchedThread.CALLER.enter(target);
    try {
      work = source.poll(intake, LIMIT);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    if (left()) {
      intake.signal();
      if (failure != null) {
        failures.failed(target, "threw: " + failure);
        LockSupport.parkNanos(REST_NS);
      }
    }
    return work;
  }

  /** Is back from the source; false if the thread was relieved meanwhile, and has to end. */
  private boolean left() {
    try {
      WatchedThread.CALLER.leave();
      return true;
    } catch (Shift.Relieved e) {
      LOG.debug("the drain of {} came back after all", name, e);
      return false;
    }
  }

  @Override
  public void onClose() {
    source.close();
  }

  @Override
  public void idle(int workCount) {
    if (workCount >= LIMIT) {
      return;
    }
    if (workCount > 0) {
      idles = 0;
      turn();
    } else {
      idle();
    }
  }

  @Override
  public void idle() {
    if (idles < IDLE_TURNS) {
      idles++;
      turn();
    } else if (!closing) {
      await(() -> source.awaitEvents(AWAIT_NS));
    }
  }

  private void await(Runnable waiting) {
    String failure = "";
    WatchedThread.CALLER.enter(target);
    try {
      waiting.run();
    } catch (RuntimeException | Error e) {
      failure = e.toString();
    }
    if (left() && !failure.isEmpty()) {
      failures.failed(target, "threw: " + failure);
      LockSupport.parkNanos(REST_NS);
    }
  }

  private void awaitUnfamiliar() {
    if (source.awaitUnfamiliar(TURN_NS)) {
      tense = TENSE_TURNS;
    }
  }

  private void turn() {
    if (tense > 0) {
      tense--;
      LockSupport.parkNanos(SHORT_TURN_NS);
    } else {
      await(this::awaitUnfamiliar);
    }
  }

  @Override
  public void reset() {
    idles = 0;
  }

  /**
   * The watchdog's thread: leaves the drain's behind if its source has neither come back nor
   * delivered anything for so long.
   *
   * @return whether it did
   */
  boolean relieve(long afterNs) {
    long now = System.nanoTime();
    long calls = intake.calls();
    if (calls != callsSeen) {
      callsSeen = calls;
      progressNs = now;
    }
    long patienceNs = Math.max(afterNs, 3 * AWAIT_NS);
    if (relieved
        || thread == null
        || now - progressNs < patienceNs
        || thread.shift.relieve(patienceNs) == null) {
      return false;
    }
    relieved = true;
    intake.close();
    thread.interrupt();
    return true;
  }

  /** Ends the thread, which closes the source; one that was relieved does so when it comes back. */
  void close() {
    closing = true;
    if (relieved) {
      return;
    }
    Stuck.close(runner, "the drain of " + name);
  }
}
