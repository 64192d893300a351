// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
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

  private final String name;
  private final EventSource source;
  private final Intake intake;
  private final AgentRunner runner;
  private int idles;
  private int tense;
  private volatile boolean closing;

  Drain(String name, EventSource source, Intake intake) {
    this.name = name;
    this.source = source;
    this.intake = intake;
    this.runner =
        new AgentRunner(
            this, e -> LOG.error("drain of {} failed in a duty cycle", name, e), null, this);
  }

  void start() {
    AgentRunner.startOnThread(runner, task -> Urgent.thread(task, roleName()));
  }

  @Override
  public String roleName() {
    return "tagwatch-drain-" + name;
  }

  @Override
  public int doWork() {
    try {
      return source.poll(intake, LIMIT);
    } finally {
      intake.signal();
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
      source.awaitEvents(AWAIT_NS);
    }
  }

  private void turn() {
    if (tense > 0) {
      tense--;
      LockSupport.parkNanos(SHORT_TURN_NS);
    } else if (source.awaitUnfamiliar(TURN_NS)) {
      tense = TENSE_TURNS;
    }
  }

  @Override
  public void reset() {
    idles = 0;
  }

  /** Ends the thread, which closes the source. */
  void close() {
    closing = true;
    Stuck.close(runner, "the drain of " + name);
  }
}
