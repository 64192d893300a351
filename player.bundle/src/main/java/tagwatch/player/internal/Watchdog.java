// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for threads that do not come back from a provider, and has others go on. */
final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
  private static final long LOOK_MS = 50;

  /** Is told what a thread was lost in. */
  @FunctionalInterface
  interface Mourner {
    void lost(TagPlay play, TagStream stream, Shift.Callee in);
  }

  private final Supplier<Collection<TagPlay>> plays;
  private final Mourner mourner;
  private final Runnable others;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(task -> Urgent.thread(task, "tagwatch-watchdog"));

  /**
   * @param others looks for other threads that do not come back
   */
  Watchdog(Supplier<Collection<TagPlay>> plays, Mourner mourner, Runnable others) {
    this.plays = plays;
    this.others = others;
    this.mourner = mourner;
  }

  void start() {
    Future<?> unused =
        executor.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      others.run();
    } catch (RuntimeException e) {
      LOG.error("the watchdog failed", e);
    }
    for (TagPlay play : plays.get()) {
      try {
        look(play);
      } catch (RuntimeException e) {
        LOG.error("the watchdog failed", e);
      }
    }
  }

  private void look(TagPlay play) {
    long patienceNs = TimeUnit.MILLISECONDS.toNanos(play.settings().watchdogMs());
    TagStream stream = play.stream();
    Shift.Callee in = stream == null ? null : stream.relieve(patienceNs);
    if (in != null) {
      mourner.lost(play, stream, in);
    }
    play.casting.relieve(patienceNs);
  }

  void end() {
    executor.shutdownNow();
  }
}
