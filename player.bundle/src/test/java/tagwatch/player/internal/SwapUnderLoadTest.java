// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;

/** Scorers change while many tasks go on. */
@Timeout(120)
class SwapUnderLoadTest {
  private static final int TASKS = 250;
  private static final int SWAPS = 60;
  private static final int EVENTS_A_MS = 60;
  private static final float NEVER = 1e6f;

  private final Scene scene = new Scene();
  private final int[] handles = new int[TASKS];
  private final long[] sequences = new long[TASKS];
  private volatile boolean ended;
  private volatile long delivered;

  /** The drain thread: open loop, it never waits for the scoring. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void drain() {
    int task = 0;
    long next = System.nanoTime();
    while (!ended) {
      int room = 0;
      for (int i = 0; i < EVENTS_A_MS; i++) {
        task = (task + 1) % TASKS;
        if (!scene.event(handles[task], (task + i) % Scene.HOOKS, ++sequences[task])) {
          throw new AssertionError("no room after " + delivered);
        }
        room++;
      }
      delivered += room;
      scene.intake.signal();
      next += 1_000_000;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  @Test
  void shouldScoreEveryEventOnceAndKeepPausesShort() throws Exception {
    scene.gate(Gate.MONITOR);
    for (int i = 0; i < TASKS; i++) {
      handles[i] = scene.started(i + 1, 0);
    }
    scene.stream.takeOver(Scene.binding(Scene.model("m0", 5, 20, NEVER), new Scene.Engine(1)));
    Thread drain = new Thread(this::drain, "drain");
    drain.start();
    Thread.sleep(700);
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i <= SWAPS; i++) {
      Scene.Engine engine = new Scene.Engine(1 + i % 3);
      Pause pause = new Pause();
      Takeover.of(
          scene.stream, Scene.binding(Scene.model("m" + i, 5 + i % 2, 20, NEVER), engine), pause);
      while (pause.micros() < 0) {
        Thread.sleep(1);
      }
      pauses.add(pause.micros());
    }
    ended = true;
    drain.join();
    Accounting accounts = scene.accounts();
    Collections.sort(pauses);
    System.out.printf(
        "%d swaps under %d events: pause p50 %d µs, p90 %d µs, max %d µs; oldest event %d µs; %s%n",
        SWAPS,
        delivered,
        pauses.get(SWAPS / 2),
        pauses.get(SWAPS * 9 / 10),
        pauses.get(SWAPS - 1),
        scene.stream.gauge.oldestUs(),
        accounts);
    assertThat(accounts.delivered()).isEqualTo(delivered);
    assertThat(accounts.scored())
        .as("all but each task's first window")
        .isEqualTo(delivered - 5 * TASKS);
    assertThat(accounts.waiting()).isZero();
    assertThat(accounts.refused()).isZero();
    assertThat(accounts.balanced()).isTrue();
    assertThat(accounts.rescored()).isGreaterThan(SWAPS * TASKS * 50L);
  }
}
