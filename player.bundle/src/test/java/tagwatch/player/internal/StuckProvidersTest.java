// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.player.Accounting;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.PlayerException;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.scorer.Model;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Enforcement;
import tagwatch.transport.ImageSink;

/** Providers that do not come back while they are called on the scoring thread. */
@Timeout(60)
class StuckProvidersTest {
  private static final long SHORT_NS = 20_000_000;
  private static final float NEVER = 1e6f;
  private static final Verdict KILL = new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE);

  private final CountDownLatch stuck = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);
  private final CountDownLatch back = new CountDownLatch(1);
  private final Scene scene = new Scene();

  @AfterEach
  void close() {
    free.countDown();
    scene.close();
  }

  /** Stays in its call until the test lets it go, whoever interrupts it; then it scribbles. */
  private final class StickyEngine implements ScorerEngine {
    private volatile boolean sticky;
    private volatile boolean closed;

    @Override
    public Scorer open(Model model) {
      return new Scorer() {
        @Override
        public void score(short[] classes, int rows, float[] surprise) {
          if (sticky) {
            stay();
          }
          Arrays.fill(surprise, 0, rows, sticky ? 1e9f : 0.5f);
          Arrays.fill(classes, (short) 0);
        }

        @Override
        public void close() {
          closed = true;
          back.countDown();
        }
      };
    }
  }

  private void stay() {
    stuck.countDown();
    boolean gone = false;
    while (!gone) {
      try {
        gone = free.await(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        gone = false;
      }
    }
  }

  private Shift.Callee relieved() throws InterruptedException {
    assertThat(stuck.await(30, TimeUnit.SECONDS)).isTrue();
    Shift.Callee in = scene.stream.relieve(SHORT_NS);
    while (in == null) {
      Thread.sleep(1);
      in = scene.stream.relieve(SHORT_NS);
    }
    return in;
  }

  private ScorerBinding binding(String version, ScorerEngine engine, float threshold) {
    return Scene.binding(Scene.model(version, 3, 10, threshold), engine);
  }

  private void hire(ScorerBinding next, boolean keepBefore) throws PlayerException {
    Takeover.of(
        scene.stream, new Understudy(next, scene.stream.symbols()), keepBefore, new Pause());
  }

  @Test
  void shouldGoOnWithTheStandInOnAnotherThreadAndLoseNothing() throws Exception {
    scene.gate(Gate.MONITOR);
    Scene.Engine good = new Scene.Engine(1);
    hire(binding("good", good, NEVER), false);
    StickyEngine sticky = new StickyEngine();
    hire(binding("sticky", sticky, NEVER), true);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 100);
    assertThat(scene.accounts().scored()).isEqualTo(97);

    sticky.sticky = true;
    scene.events(handle, 2, 101, 50);
    scene.intake.signal();
    Shift.Callee in = relieved();

    assertThat(in.provider()).isEqualTo("stub (test)");
    scene.events(handle, 3, 151, 50);
    Accounting accounts = scene.accounts();
    assertThat(accounts.scored()).isEqualTo(197);
    assertThat(accounts.waiting()).isZero();
    assertThat(accounts.balanced()).isTrue();
    assertThat(scene.stream.inService().model.manifest().version()).isEqualTo("good");
    assertThat(scene.failures).anyMatch(it -> it.contains("did not come back"));
    assertThat(sticky.closed).as("a thread is in it").isFalse();
    float score = scene.quiet().sessions().get(0).score();

    free.countDown();

    assertThat(back.await(30, TimeUnit.SECONDS)).as("closed by the lost thread").isTrue();
    assertThat(scene.quiet().sessions().get(0).score()).as("late writes").isEqualTo(score);
    scene.events(handle, 4, 201, 50);
    assertThat(scene.accounts().scored()).isEqualTo(247);
    assertThat(scene.accounts().balanced()).isTrue();
  }

  @Test
  void shouldKeepTheIncumbentWhenANewScorerSticksInTheTakeover() throws Exception {
    scene.gate(Gate.MONITOR);
    hire(binding("good", new Scene.Engine(1), NEVER), false);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 100);
    scene.quiet();
    StickyEngine sticky = new StickyEngine();
    Understudy next = new Understudy(binding("sticky", sticky, NEVER), scene.stream.symbols());
    sticky.sticky = true;
    Thread asking =
        new Thread(
            () -> {
              try {
                scene.stream.takeOver(next, true, new Pause());
              } catch (PlayerException e) {
                scene.failures.add(e.getMessage());
              }
            });
    asking.start();
    relieved();
    asking.join();
    scene.events(handle, 2, 101, 50);
    assertThat(scene.accounts().scored()).isEqualTo(147);
    assertThat(scene.stream.inService().model.manifest().version()).isEqualTo("good");
    assertThat(scene.failures).hasSize(1);
    assertThat(scene.failures.get(0)).contains("stub (test) did not come back");
  }

  @Test
  void shouldUseTheFailSafeWhenThePolicyDoesNotAnswer() throws Exception {
    FakeSource source = new FakeSource("d");
    scene.gate(Gate.ENFORCE);
    scene.source(source);
    Policy sticky =
        new Policy() {
          @Override
          public Verdict decide(Detection detection) {
            stay();
            return Verdict.ALERT;
          }

          @Override
          public Set<Verdict.Kind> requires() {
            return Set.of();
          }
        };
    scene.stream.judge(new Alarms.Judge(sticky, "sticky policy"), KILL, new Pause());
    hire(binding("m", new Scene.Engine(Scene.PLAIN), 0.5f), false);
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.LOUD, 1, 40);
    scene.intake.signal();
    assertThat(relieved().provider()).isEqualTo("sticky policy");
    scene.quiet();
    assertThat(source.enforced).containsExactly("1 kill/subtree");
    Alert alert = scene.log.all().get(0);
    assertThat(alert.verdict()).isEqualTo(KILL);
    assertThat(alert.blocked()).isTrue();
    free.countDown();
    scene.events(handle, Scene.CALM, 41, 40);
    assertThat(scene.accounts().waiting()).isZero();
    assertThat(scene.log.all()).hasSize(1);
  }

  @Test
  void shouldTellOfAVerdictThatTheTransportDoesNotAnswer() throws Exception {
    FakeSource source =
        new FakeSource("d") {
          @Override
          public Enforcement enforce(TaskKey task, Verdict verdict) {
            stay();
            return super.enforce(task, verdict);
          }
        };
    scene.gate(Gate.ENFORCE);
    scene.source(source);
    scene.stream.judge(null, KILL, new Pause());
    hire(binding("m", new Scene.Engine(Scene.PLAIN), 0.5f), false);
    int handle = scene.started(1, 0);
    scene.events(handle, Scene.LOUD, 1, 40);
    scene.intake.signal();
    assertThat(relieved().provider()).isEqualTo("fake (test)");
    scene.events(handle, Scene.CALM, 41, 40);
    assertThat(scene.accounts().waiting()).isZero();
    Alert alert = scene.log.all().get(0);
    assertThat(alert.blocked()).isFalse();
    assertThat(alert.enforcement().detail()).contains("did not answer");
  }

  @Test
  void shouldGoOnWithoutTheImageThatDoesNotCome() throws Exception {
    FakeSource source =
        new FakeSource("d") {
          @Override
          public int image(TaskKey task, ImageSink sink) {
            stay();
            return super.image(task, sink);
          }
        };
    scene.gate(Gate.MONITOR);
    scene.source(source);
    source.imageFrom = 1;
    source.imageTo = 20;
    hire(binding("m", new Scene.Engine(1), NEVER), false);
    int handle = scene.started(1, 0);
    scene.events(handle, 1, 1, 10);
    scene.events(handle, 1, 21, 10);
    scene.intake.signal();
    relieved();
    Accounting accounts = scene.accounts();
    free.countDown();
    assertThat(accounts.gaps()).isEqualTo(10);
    assertThat(accounts.delivered()).isEqualTo(20);
    assertThat(accounts.recovered()).as("what comes late goes nowhere").isZero();
    assertThat(accounts.balanced()).isTrue();
  }
}
