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
 * <p>Between two polls it parks, shortly while little comes and longer while much comes, so that
 * each poll finds a batch: polling a busy source without a pause costs three times as much per
 * event, for falling asleep and waking the scoring thread each time. Idle, it asks the source for a
 * wake-up; parking a few times before keeps a busy producer from paying for wake-ups. The short
 * park bounds how far a process gets before its event is read. Measured in {@code bench/}.
 */
final class Drain implements Agent, IdleStrategy {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final int LIMIT = 4096;
  private static final int MANY = 256;
  private static final int PARKS = 20;
  private static final long SHORT_PARK_NS = 60_000;
  private static final long LONG_PARK_NS = 200_000;
  private static final long AWAIT_NS = 100_000_000;

  private final String name;
  private final EventSource source;
  private final Intake intake;
  private final AgentRunner runner;
  private int idles;
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
      LockSupport.parkNanos(workCount > MANY ? LONG_PARK_NS : SHORT_PARK_NS);
    } else {
      idle();
    }
  }

  @Override
  public void idle() {
    if (idles < PARKS) {
      idles++;
      LockSupport.parkNanos(SHORT_PARK_NS);
    } else if (!closing) {
      source.awaitEvents(AWAIT_NS);
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
