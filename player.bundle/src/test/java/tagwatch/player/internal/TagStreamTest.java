// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;
import tagwatch.event.Verdict;
import tagwatch.player.Accounting;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.player.SessionStatus;
import tagwatch.player.UnknownReason;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.transport.EventSink;

class TagStreamTest {
  private static final List<Scene.Fault> FAULTS =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Scene.Fault.NONE)));
  private static final float NEVER = 1e6f;
  private static final Verdict KILL = new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE);

  private final Scene scene = new Scene();
  private final FakeSource source = new FakeSource("d");

  @AfterEach
  void close() {
    scene.close();
  }

  private Scene.Engine play(float threshold) throws PlayerException {
    Scene.Engine engine = new Scene.Engine(threshold == NEVER ? 1 : Scene.PLAIN);
    scene.gate(Gate.MONITOR);
    scene.stream.takeOver(Scene.binding(Scene.model("m", 3, 10, threshold), engine));
    return engine;
  }

  private void enforce(Policy policy, Verdict failSafe) throws PlayerException {
    scene.gate(Gate.ENFORCE);
    scene.source(source);
    scene.stream.judge(new Alarms.Judge(policy, "policy (test)"), failSafe, new Pause());
  }

  private static Policy policy(Verdict verdict) {
    return new Policy() {
      @Override
      public Verdict decide(Detection detection) {
        if (verdict == null) {
          throw new IllegalStateException("made to fail");
        }
        return verdict;
      }

      @Override
      public Set<Verdict.Kind> requires() {
        return Set.of();
      }
    };
  }

  private SessionStatus session(int id) throws PlayerException {
    return scene.quiet().sessions().stream()
        .filter(session -> session.task().equals(Scene.key(id)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldAccountForEveryEventWhileScorersComeFailAndGo() throws PlayerException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Scene.Engine engine = play(NEVER);
    Map<Integer, Long> sequences = new HashMap<>();
    Map<Integer, Integer> handles = new HashMap<>();
    long delivered = 0;
    int next = 1;
    for (int step = 0; step < 60_000; step++) {
      int choice = random.nextInt(1000);
      if ((choice < 4 && handles.size() < 300) || handles.isEmpty()) {
        int parent = handles.isEmpty() || choice == 0 ? 0 : handles.keySet().iterator().next();
        handles.put(next, scene.started(next, parent));
        sequences.put(next, 0L);
        next++;
      } else if (choice < 7) {
        int id = handles.keySet().iterator().next();
        scene.intake.taskExited(handles.remove(id), step, sequences.get(id));
      } else if (choice == 7) {
        swap(random, engine);
      } else if (choice == 8) {
        engine.fault = FAULTS.get(random.nextInt(FAULTS.size()));
        engine.failAfterRows = random.nextBoolean() ? 0 : engine.rowsScored + random.nextInt(200);
      } else {
        int id = handles.keySet().stream().skip(random.nextInt(handles.size())).findFirst().get();
        if (scene.event(
            handles.get(id), random.nextInt(Scene.HOOKS), sequences.merge(id, 1L, Long::sum))) {
          delivered++;
        }
      }
      if (choice == 9) {
        scene.intake.signal();
      }
      if (step % 5000 == 0) {
        assertBalanced(delivered, "seed " + seed + " step " + step);
      }
    }
    engine.fault = Scene.Fault.NONE;
    scene.stream.takeOver(Scene.binding(Scene.model("last", 3, 10, NEVER), new Scene.Engine(1)));
    assertBalanced(delivered, "seed " + seed);
    assertThat(scene.accounts().waiting()).as("seed " + seed).isZero();
  }

  private void assertBalanced(long delivered, String what) throws PlayerException {
    Accounting accounts = scene.accounts();
    assertThat(accounts.delivered()).as(what).isEqualTo(delivered + accounts.recovered());
    assertThat(accounts.balanced()).as(what + " " + accounts).isTrue();
    assertThat(accounts.waiting()).as(what).isNotNegative();
  }

  private void swap(SplittableRandom random, Scene.Engine engine) throws PlayerException {
    int kind = random.nextInt(4);
    if (kind == 0) {
      scene.stream.takeOver(null);
      return;
    }
    engine.fault = Scene.Fault.NONE;
    engine.failAfterRows = 0;
    ScorerBinding next =
        Scene.binding(
            Scene.model("m", random.nextInt(1, 6), random.nextInt(1, 40), NEVER),
            kind == 1 ? new Scene.Engine(2) : engine);
    engine.fault = kind == 2 ? Scene.Fault.NAN : Scene.Fault.NONE;
    try {
      scene.stream.takeOver(next);
    } catch (PlayerException e) {
      assertThat(e).hasMessageContaining("NaN");
    }
  }

  @Test
  void shouldScoreEveryEventExactlyOnceWithoutFaults() throws PlayerException {
    Scene.Engine engine = play(NEVER);
    long warmUpRows = engine.rowsScored;
    for (int id = 1; id <= 50; id++) {
      int handle = scene.started(id, 0);
      for (int i = 1; i <= 100; i++) {
        scene.event(handle, (id + i) % Scene.HOOKS, i);
      }
      scene.intake.taskExited(handle, 5, 100);
    }
    Accounting accounts = scene.accounts();
    assertThat(accounts.delivered()).isEqualTo(5000);
    assertThat(accounts.scored()).isEqualTo(50 * 97);
    assertThat(accounts.unknown()).containsEntry(UnknownReason.WARM_UP, 150L);
    assertThat(engine.rowsScored - warmUpRows).isEqualTo(accounts.scored());
    assertThat(accounts.rescored()).isZero();
  }

  @Test
  void shouldCatchUpWhatWaitedForAScorerEndedTasksIncluded() throws PlayerException {
    scene.gate(Gate.MONITOR);
    int living = scene.started(1, 0);
    int dying = scene.started(2, 0);
    scene.events(living, 1, 1, 20);
    scene.events(dying, 1, 1, 20);
    scene.intake.taskExited(dying, 5, 20);
    assertThat(scene.accounts().waiting()).isEqualTo(40);
    play(NEVER);
    Accounting accounts = scene.accounts();
    assertThat(accounts.scored()).isEqualTo(34);
    assertThat(accounts.waiting()).isZero();
  }

  @Test
  void shouldBoundTheEndedTasksThatWait() throws PlayerException {
    scene.gate(Gate.MONITOR);
    for (int id = 1; id <= 1100; id++) {
      int handle = scene.started(id, 0);
      scene.events(handle, 1, 1, 5);
      scene.intake.taskExited(handle, 5, 5);
    }
    Accounting accounts = scene.accounts();
    assertThat(accounts.waiting()).isEqualTo(1024 * 5);
    assertThat(accounts.unknown()).containsEntry(UnknownReason.NO_SCORER, 76L * 5);
  }

  @Test
  void shouldWithdrawAFailingScorerCloseItOnceAndTell() throws PlayerException {
    int id = 0;
    for (Scene.Fault fault : FAULTS) {
      Scene.Engine engine = play(NEVER);
      engine.fault = fault;
      int handle = scene.started(++id, 0);
      scene.events(handle, 2, 1, 20);
      assertThat(scene.accounts().waiting()).as(fault.name()).isEqualTo(17);
      assertThat(scene.stream.inService()).isNull();
      assertThat(engine.closed).isEqualTo(1);
      play(NEVER);
      assertThat(scene.accounts().waiting()).as(fault.name()).isZero();
      scene.intake.taskExited(handle, 5, 20);
    }
    assertThat(scene.failures).hasSize(5);
    assertThat(scene.failures.get(0)).contains("made to fail").contains("model m");
  }

  @Test
  void shouldDropDuplicatesAndCountGaps() throws PlayerException {
    play(NEVER);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    scene.events(handle, 1, 5, 6);
    scene.events(handle, 1, 15, 10);
    Accounting accounts = scene.accounts();
    assertThat(accounts.delivered()).isEqualTo(20);
    assertThat(accounts.gaps()).isEqualTo(4);
    assertThat(accounts.unknown())
        .containsEntry(UnknownReason.WARM_UP, 3L)
        .containsEntry(UnknownReason.GAP, 3L);
    assertThat(accounts.balanced()).isTrue();
    assertThat(session(1).events()).isEqualTo(24);
  }

  @Test
  void shouldCountAnAnnouncedGapOnce() throws PlayerException {
    play(NEVER);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    scene.intake.gap(handle, 4);
    scene.events(handle, 1, 15, 10);
    assertThat(scene.accounts().gaps()).isEqualTo(4);
    scene.intake.gap(handle, 2);
    scene.events(handle, 1, 25, 1);
    assertThat(scene.accounts().gaps()).as("announced, but no jump").isEqualTo(6);
    scene.intake.gap(handle, 1);
    scene.events(handle, 1, 29, 1);
    assertThat(scene.accounts().gaps()).as("one announced, three missing").isEqualTo(9);
    assertThat(scene.accounts().delivered()).isEqualTo(22);
  }

  @Test
  void shouldCloseAGapFromTheImage() throws PlayerException {
    play(NEVER);
    scene.source(source);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    source.imageFrom = 3;
    source.imageTo = 25;
    scene.events(handle, 1, 21, 5);
    Accounting accounts = scene.accounts();
    assertThat(accounts.recovered()).isEqualTo(10);
    assertThat(accounts.delivered()).isEqualTo(25);
    assertThat(accounts.gaps()).isZero();
    assertThat(accounts.scored()).isEqualTo(22);
  }

  @Test
  void shouldBreakTheWindowWhereAnImageBringsOnlyThePartAfterAHole() throws PlayerException {
    play(NEVER);
    scene.source(source);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    source.imageFrom = 16;
    source.imageTo = 18;
    scene.events(handle, 1, 21, 5);
    Accounting accounts = scene.accounts();
    assertThat(accounts.recovered()).isEqualTo(3);
    assertThat(accounts.gaps()).isEqualTo(5 + 2);
    // 16-18 and 21-23 have no whole window
    assertThat(accounts.unknown()).containsEntry(UnknownReason.GAP, 6L);
    assertThat(accounts.balanced()).isTrue();
  }

  @Test
  void shouldSurviveAnImageThatCannotBeFetched() throws PlayerException {
    play(NEVER);
    scene.source(source);
    source.fails = true;
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    scene.events(handle, 1, 21, 5);
    assertThat(scene.accounts().gaps()).isEqualTo(10);
    assertThat(scene.accounts().balanced()).isTrue();
  }

  @Test
  void shouldRecallWhatAnEarlierAgentSaw() throws PlayerException {
    play(NEVER);
    scene.source(source);
    source.imageFrom = 900;
    source.imageTo = 1003;
    int handle = scene.intake.taskStarted(Scene.start(1, 0, Origin.RESUMED));
    scene.events(handle, 1, 1000, 5);
    Accounting accounts = scene.accounts();
    assertThat(accounts.delivered()).isEqualTo(5);
    assertThat(accounts.scored()).as("none is warm-up").isEqualTo(5);
    assertThat(accounts.rescored()).isEqualTo(97);
    assertThat(accounts.balanced()).isTrue();
    assertThat(session(1).events()).isEqualTo(1004);
  }

  @Test
  void shouldWarmUpWhereNothingCanBeRecalled() throws PlayerException {
    play(NEVER);
    int handle = scene.intake.taskStarted(Scene.start(1, 0, Origin.RESUMED));
    scene.events(handle, 1, 1000, 5);
    assertThat(scene.accounts().unknown()).containsEntry(UnknownReason.WARM_UP, 3L);
    assertThat(scene.accounts().gaps()).isZero();
  }

  @Test
  void shouldScoreNothingInLearnAndEverythingAfter() throws PlayerException {
    play(NEVER);
    int handle = scene.started(1, 0);
    scene.gate(Gate.LEARN);
    scene.events(handle, 1, 1, 10);
    assertThat(scene.accounts().unknown()).containsEntry(UnknownReason.NO_SCORER, 10L);
    scene.gate(Gate.MONITOR);
    scene.events(handle, 1, 11, 10);
    assertThat(scene.accounts().scored()).isEqualTo(10);
  }

  @Test
  void shouldReuseAHandleOnlyAfterItsSessionIsGone() throws PlayerException {
    play(NEVER);
    int first = scene.started(1, 0);
    scene.events(first, 1, 1, 5);
    scene.intake.taskExited(first, 5, 5);
    int second = scene.started(2, 0);
    assertThat(second).as("the scoring thread may not be there yet").isNotNegative();
    scene.events(second, 1, 1, 5);
    scene.quiet();
    int third = scene.started(3, 0);
    scene.events(third, 1, 1, 5);
    scene.quiet();
    assertThat(scene.accounts().delivered()).isEqualTo(15);
    assertThat(scene.accounts().gaps()).isZero();
    assertThat(third).isNotEqualTo(second);
  }

  @Test
  void shouldKnowATaskAgainAndCountItAnewInAnotherDomain() throws PlayerException {
    play(NEVER);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    Intake again = new Intake(scene.side);
    assertThat(again.taskStarted(Scene.start(1, 0, Origin.RESUMED))).isEqualTo(handle);
    assertThat(again.taskStarted(ofAnotherTag())).isEqualTo(EventSink.REFUSED);
    scene.quiet();
    scene.side.elsewhere();
    int anew = again.taskStarted(Scene.start(1, 0, Origin.RESUMED));
    for (int i = 0; i < 5; i++) {
      again.event(anew, 1, 1000 + i, 60, Scene.SLOTS, 0, 8);
    }
    again.signal();
    again.taskExited(handle + 5, 60, 3);
    assertThat(anew).as("its session goes on").isEqualTo(handle);
    assertThat(scene.accounts().delivered()).isEqualTo(15);
    assertThat(scene.accounts().gaps()).as("sequences of two domains say nothing").isZero();
    assertThat(scene.accounts().unknown()).containsEntry(UnknownReason.WARM_UP, 6L);
    assertThat(session(1).events()).isEqualTo(1004);
  }

  private static TaskStart ofAnotherTag() {
    return new TaskStart(
        Scene.key(9), Scene.key(9), Optional.empty(), 99, Scene.PROGRAM, 5, Origin.EXECUTED);
  }

  @Test
  void shouldAlarmOncePerCrossing() throws PlayerException {
    play(0.5f);
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.CALM, 1, 40);
    scene.quiet();
    long before = scene.stream.alarms.count();
    scene.events(handle, Scene.LOUD, 41, 40);
    scene.quiet();
    assertThat(scene.stream.alarms.count()).isEqualTo(before + 1);
    scene.events(handle, Scene.CALM, 81, 40);
    scene.events(handle, Scene.LOUD, 121, 40);
    scene.quiet();
    assertThat(scene.stream.alarms.count()).isEqualTo(before + 2);
    Alert alert = scene.log.all().get(scene.log.all().size() - 1);
    assertThat(alert.sequence()).isBetween(121L, 135L);
    assertThat(alert.detection().timestampNs()).isEqualTo(1000 + alert.sequence() - 1);
    assertThat(alert.detection().window()).hasSize(10);
    assertThat(alert.detection().window().get(9).sequence()).isEqualTo(alert.sequence());
    assertThat(alert.scores()).isNotEmpty().last().isEqualTo(alert.detection().score());
    assertThat(alert.blocked()).isFalse();
    scene.intake.taskExited(handle, 999, 161);
    scene.quiet();
    assertThat(scene.log.find(alert.id()).orElseThrow().exitedNs()).hasValue(999);
    assertThat(scene.log.find(alert.id()).orElseThrow().callsAfter())
        .hasValue(160 - alert.sequence());
  }

  @Test
  void shouldEnforceOnTheTaskAndItsYoungChildrenAndAgainAfterRelease() throws PlayerException {
    play(0.5f);
    enforce(policy(KILL), Verdict.ALERT);
    int parent = scene.started(1, 0);
    scene.events(parent, Scene.CALM, 1, 100);
    scene.started(2, 1);
    scene.events(parent, Scene.CALM, 101, 20);
    scene.started(3, 1);
    int thread = scene.intake.taskStarted(Scene.thread(4, 1));
    scene.events(parent, Scene.LOUD, 121, 10);
    scene.quiet();
    assertThat(source.enforced).containsExactly("1 kill/subtree", "3 kill/subtree");
    assertThat(session(4).verdict()).isEqualTo("kill/subtree");
    assertThat(session(2).verdict()).isEmpty();
    assertThat(scene.log.all()).hasSize(1);
    assertThat(scene.log.all().get(0).blocked()).isTrue();
    scene.started(5, 1);
    scene.events(thread, Scene.LOUD, 1, 20);
    scene.quiet();
    assertThat(source.enforced).endsWith("5 kill/subtree").hasSize(3);
    assertThat(scene.log.all()).as("one alert for a stopped process").hasSize(1);
    scene.stream.verdict(Scene.key(1), null);
    assertThat(session(1).verdict()).isEmpty();
    assertThat(source.released)
        .as("those that have the verdict in their own name")
        .containsExactly(3, 5);
    scene.events(parent, Scene.LOUD, 131, 1);
    scene.quiet();
    assertThat(scene.log.all()).as("released, it is judged again").hasSize(2);
  }

  @Test
  void shouldUseTheFailSafeWhenThePolicyThrowsOrIsGone() throws PlayerException {
    play(0.5f);
    enforce(policy(null), new Verdict(Verdict.Kind.SUSPEND, Verdict.Scope.PROCESS));
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.LOUD, 1, 10);
    scene.quiet();
    assertThat(source.enforced).containsExactly("1 suspend/process");
    enforce(null, KILL);
    int other = scene.started(2, 0);
    scene.events(other, Scene.LOUD, 1, 10);
    scene.quiet();
    assertThat(source.enforced).endsWith("2 kill/subtree");
  }

  @Test
  void shouldGoOnWhenTheTransportFailsToEnforce() throws PlayerException {
    play(0.5f);
    enforce(policy(KILL), Verdict.ALERT);
    source.fails = true;
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.LOUD, 1, 100);
    Accounting accounts = scene.accounts();
    assertThat(accounts.scored()).isEqualTo(97);
    assertThat(accounts.waiting()).isZero();
    assertThat(scene.log.all()).hasSize(1);
    assertThat(scene.log.all().get(0).enforcement().detail()).contains("made to fail");
  }

  @Test
  void shouldJudgeWhatIsAboveTheThresholdByANewGate() throws PlayerException {
    play(0.5f);
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.LOUD, 1, 20);
    scene.quiet();
    assertThat(source.enforced).isEmpty();
    enforce(policy(KILL), Verdict.ALERT);
    scene.events(handle, Scene.LOUD, 21, 1);
    scene.quiet();
    assertThat(source.enforced).containsExactly("1 kill/subtree");
  }

  @Test
  void shouldTakeRepeatedGapsForADetectionOnlyIfTheyLieClose() throws PlayerException {
    play(NEVER);
    enforce(policy(KILL), Verdict.ALERT);
    source.imageTo = 0;
    int far = scene.started(1, 0);
    long at = 1;
    for (int gap = 0; gap < 6; gap++) {
      scene.events(far, 1, at, 3000);
      at += 3010;
    }
    scene.quiet();
    assertThat(source.enforced).isEmpty();
    int close = scene.started(2, 0);
    for (int gap = 0; gap < 4; gap++) {
      scene.events(close, 1, 1 + gap * 20L, 10);
    }
    scene.quiet();
    assertThat(source.enforced).containsExactly("2 kill/subtree");
    assertThat(scene.log.all().get(0).detection().cause()).isEqualTo(Detection.Cause.REPEATED_GAPS);
  }

  @Test
  void shouldOnlyMonitorAnotherBuildOfTheProgram() throws PlayerException {
    play(0.5f);
    enforce(policy(KILL), Verdict.ALERT);
    int root = scene.started(1, 0);
    scene.quiet();
    assertThat(scene.stream.staleness()).isEmpty();
    scene.intake.taskExecuted(root, new Executable("/bin/server", "bb"), 5);
    int child = scene.started(2, 1);
    scene.events(child, Scene.LOUD, 1, 10);
    scene.quiet();
    assertThat(scene.stream.staleness())
        .contains("/bin/server")
        .contains("build id bb")
        .contains("learned from aa");
    assertThat(source.enforced).isEmpty();
    assertThat(scene.log.all()).hasSize(1);
    assertThat(scene.log.all().get(0).gate()).isEqualTo(Gate.MONITOR);
    scene.stream.takeOver(
        Scene.binding(
            Scene.model("n", 3, 10, 0.5f, List.of("aa", "bb")), new Scene.Engine(Scene.PLAIN)));
    assertThat(scene.stream.staleness()).isEmpty();
    scene.intake.taskExecuted(root, new Executable("/bin/server", "cc"), 5);
    scene.quiet();
    assertThat(scene.stream.staleness()).contains("cc");
    scene.intake.taskExited(child, 6, 10);
    scene.intake.taskExited(root, 6, 0);
    scene.quiet();
    assertThat(scene.stream.staleness()).isEmpty();
  }

  @Test
  void shouldNotCallAProgramWithoutABuildIdStale() throws PlayerException {
    play(NEVER);
    int root = scene.started(1, 0);
    scene.intake.taskExecuted(root, new Executable("/bin/other", ""), 5);
    scene.quiet();
    assertThat(scene.stream.staleness()).isEmpty();
  }

  @Test
  void shouldTryAgainWhileTheScoreStaysHighAndTellWhenItWorked() throws Exception {
    play(0.5f);
    enforce(policy(KILL), Verdict.ALERT);
    source.fails = true;
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.LOUD, 1, 40);
    scene.quiet();
    assertThat(scene.log.all()).hasSize(1);
    assertThat(scene.log.all().get(0).blocked()).isFalse();
    scene.events(handle, Scene.LOUD, 41, 5);
    scene.quiet();
    assertThat(source.enforced).as("not with every event").isEmpty();
    source.fails = false;
    for (int i = 46; source.enforced.isEmpty(); i++) {
      assertThat(i).isLessThan(2000);
      Thread.sleep(10);
      scene.events(handle, Scene.LOUD, i, 1);
      scene.quiet();
    }
    assertThat(source.enforced).containsExactly("1 kill/subtree");
    assertThat(scene.log.all()).hasSize(2);
    assertThat(scene.log.all().get(1).blocked()).isTrue();
  }

  @Test
  void shouldRefuseOrdersAfterTheEndAtOnce() {
    scene.close();
    long before = System.nanoTime();
    assertThatThrownBy(scene.stream::snapshot)
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining("no longer played");
    assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L);
  }

  @Test
  void shouldWithdrawAnOrderThatAStuckScorerHoldsUp() throws Exception {
    Scene.Engine engine = new Scene.Engine(1);
    ScorerBinding next = Scene.binding(Scene.model("late", 3, 10, NEVER), engine);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stuck = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              try {
                scene.stream.ask(
                    "be stuck",
                    () -> {
                      begun.countDown();
                      try {
                        stuck.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return null;
                    });
              } catch (PlayerException e) {
                assertThat(e).hasMessageContaining("did not answer");
              }
            });
    holder.start();
    begun.await();
    assertThatThrownBy(() -> scene.stream.takeOver(next))
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining("did not answer");
    assertThat(engine.closed).as("never begun, so the asker closes it").isEqualTo(1);
    stuck.countDown();
    holder.join();
    scene.quiet();
    assertThat(scene.stream.inService()).isNull();
  }

  @Test
  void shouldNotWaitForeverForAScorerThatIsStuckForGood() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stuck = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              try {
                scene.stream.ask(
                    "be stuck",
                    () -> {
                      begun.countDown();
                      while (stuck.getCount() > 0) {
                        Thread.onSpinWait();
                      }
                      return null;
                    });
              } catch (PlayerException e) {
                assertThat(e).hasMessageContaining("did not answer");
              }
            });
    holder.start();
    begun.await();
    long before = System.nanoTime();
    scene.close();
    assertThat(System.nanoTime() - before).isLessThan(4_000_000_000L);
    stuck.countDown();
    holder.join();
  }
}
