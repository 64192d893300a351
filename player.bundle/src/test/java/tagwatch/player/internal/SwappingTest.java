// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.ModelStanding;
import tagwatch.player.ModelStatus;
import tagwatch.player.PlayerException;
import tagwatch.player.SwapStatus;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.scorer.Model;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Subscription.Mode;

/** Incumbent, shadow, promotion, rollback, and what is found again after a restart. */
class SwappingTest extends Staged {
  private ModelStatus model(String version) {
    return player.models().stream()
        .filter(it -> it.version().equals(version))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no model " + version + " in " + player.models()));
  }

  private void inShadow(String version) throws Exception {
    await("in shadow: " + version, () -> tag().shadow().equals(version));
    assertThat(model(version).state()).isEqualTo(ModelStanding.SHADOW);
  }

  private List<Alert> complaints() {
    return player.alerts().stream()
        .filter(it -> it.detection().cause() == Detection.Cause.PROVIDER)
        .toList();
  }

  @Test
  void shouldRunAFreshModelInShadowAndPromoteItWithTheIncumbentsGate() throws Exception {
    watch();
    player.gate(Scene.TAG, Gate.ENFORCE);
    install("m2", 8f);
    inShadow("m2");
    assertThat(tag().model()).isEqualTo("m1");
    assertThat(tag().gate()).isEqualTo(Gate.ENFORCE);
    assertThatThrownBy(() -> player.promote(Scene.TAG, "m7"))
        .hasMessageContaining("m2 in shadow, not m7");
    player.promote(Scene.TAG, "");
    assertThat(tag().model()).isEqualTo("m2");
    assertThat(tag().shadow()).isEmpty();
    assertThat(tag().gate()).as("it takes the incumbent's place").isEqualTo(Gate.ENFORCE);
    assertThat(model("m1").state()).isEqualTo(ModelStanding.RETIRED);
    assertThat(model("m1").gate()).isEqualTo(Gate.ENFORCE);
    SwapStatus swap = tag().lastSwap().orElseThrow();
    assertThat(swap.kind()).isEqualTo("model");
    assertThat(swap.from()).isEqualTo("m1");
    assertThat(swap.to()).isEqualTo("m2");
    await("pause", () -> tag().lastSwap().orElseThrow().pauseUs() >= 0);
    assertThatThrownBy(() -> player.promote(Scene.TAG, "")).hasMessageContaining("no model");
  }

  @Test
  void shouldRollBackAndForthWithEachModelsOwnGate() throws Exception {
    watch();
    assertThatThrownBy(() -> player.rollback(Scene.TAG)).hasMessageContaining("no other model");
    player.gate(Scene.TAG, Gate.ENFORCE);
    install("m2", 8f);
    player.use(Scene.TAG, "m2");
    assertThat(tag().gate()).as("used, not promoted").isEqualTo(Gate.MONITOR);
    store.uninstall(home.resolve("models/m1/manifest.json").toFile());
    assertThat(player.rollback(Scene.TAG)).as("from the copy").isEqualTo("m1");
    assertThat(tag().gate()).isEqualTo(Gate.ENFORCE);
    assertThat(player.rollback(Scene.TAG)).isEqualTo("m2");
    assertThat(tag().gate()).isEqualTo(Gate.MONITOR);
    assertThat(tag().swaps()).containsEntry("model", 3L);
  }

  @Test
  void shouldFindItsModelsAgainAfterARestartAlthoughTheirFilesAreGone() throws Exception {
    watch();
    install("m2", 8f);
    player.use(Scene.TAG, "m2");
    player.gate(Scene.TAG, Gate.ENFORCE);
    install("m3", 8f);
    inShadow("m3");
    player.deactivate();
    for (String version : List.of("m1", "m2", "m3")) {
      store.uninstall(home.resolve("models/" + version + "/manifest.json").toFile());
    }
    player = player();
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    await("model", () -> !player.tags().isEmpty() && tag().model().equals("m2"));
    assertThat(tag().gate()).isEqualTo(Gate.ENFORCE);
    inShadow("m3");
    assertThat(player.rollback(Scene.TAG)).isEqualTo("m1");
  }

  @Test
  void shouldUseTheSetBeforeWhenTheLastOneIsDamaged() throws Exception {
    watch();
    install("m2", 8f);
    player.use(Scene.TAG, "m2");
    player.gate(Scene.TAG, Gate.ENFORCE);
    player.deactivate();
    Path file = home.resolve("state/tags.json");
    Files.writeString(file, Files.readString(file).replace("ENFORCE", "MONITOR"));
    player = player();
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    await("model", () -> !player.tags().isEmpty() && !tag().model().isEmpty());
    assertThat(tag().model()).isEqualTo("m2");
    assertThat(tag().gate()).as("as it was before the gate was set").isEqualTo(Gate.MONITOR);
  }

  @Test
  void shouldKeepNoMoreCopiesThanItNeeds() throws Exception {
    watch();
    for (int i = 2; i < 7; i++) {
      install("m" + i, 8f);
      player.use(Scene.TAG, "m" + i);
    }
    try (Stream<Path> copies = Files.list(home.resolve("state/models/" + Scene.TAG))) {
      assertThat(copies).hasSize(2);
    }
  }

  @Test
  void shouldRefuseAModelThatFailsInShadowAndSayWhy() throws Exception {
    watch();
    engine.failsWith = "m2";
    install("m2", 8f);
    inShadow("m2");
    engine.fault = Scene.Fault.NAN;
    sources.get(0).play(1, 500, 1);
    await("refused", () -> model("m2").state() == ModelStanding.REFUSED);
    assertThat(model("m2").reason()).contains("NaN");
    assertThat(tag().shadow()).isEmpty();
    await("told", () -> complaints().size() == 1);
    assertThat(tag().model()).isEqualTo("m1");
    assertThatThrownBy(() -> player.promote(Scene.TAG, "m2"))
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining("withdrawn")
        .hasMessageContaining("NaN");
  }

  @Test
  void shouldWithdrawAModelThatAlarmsWhereTheIncumbentDoesNot() throws Exception {
    watch();
    install("m2", 0.001f);
    inShadow("m2");
    FakeSource source = sources.get(0);
    for (int task = 1; task <= 6; task++) {
      source.play(task, 200, task);
    }
    await("refused", () -> model("m2").state() == ModelStanding.REFUSED);
    assertThat(model("m2").reason()).contains("does not share");
    assertThat(model("m2").shadow().orElseThrow().unshared()).isGreaterThan(3);
    assertThat(tag().model()).isEqualTo("m1");
    await("told", () -> complaints().size() == 1);
    assertThat(player.alerts()).as("nothing else follows").hasSize(1);
  }

  @Test
  void shouldFollowEveryTaskInShadow() throws Exception {
    watch();
    install("m2", 9f);
    inShadow("m2");
    FakeSource source = sources.get(0);
    for (int task = 1; task <= 20; task++) {
      source.play(task, 100, task);
    }
    await("followed", () -> model("m2").shadow().orElseThrow().scored() == 20 * 95);
    assertThat(model("m2").shadow().orElseThrow().missed()).isZero();
    assertThat(model("m2").shadow().orElseThrow().unshared()).isZero();
    assertThat(model("m2").engine()).contains("stub");
  }

  /** Good until it is told not to be: then it never comes back, or throws. */
  private static final class BadLater implements ScorerEngine {
    private final boolean sticks;
    private volatile boolean bad;

    BadLater(boolean sticks) {
      this.sticks = sticks;
    }

    @Override
    public Scorer open(Model model) {
      return new Scorer() {
        @Override
        public void score(short[] classes, int rows, float[] surprise) {
          if (bad) {
            if (!sticks) {
              throw new IllegalStateException("made to fail");
            }
            while (true) {
              Thread.onSpinWait();
              if (Thread.interrupted()) {
                throw new IllegalStateException("interrupted");
              }
            }
          }
          Arrays.fill(surprise, 0, rows, 0.25f);
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void shouldGoOnWithTheEngineBeforeWhenABetterRankedOneFailsLater() throws Exception {
    watch();
    for (boolean sticks : new boolean[] {false, true}) {
      BadLater bad = new BadLater(sticks);
      int before = complaints().size();
      player.bindEngine(reference(ScorerEngine.FORMAT, "stub", 9), bad);
      await("taken over", () -> player.providers().get(0).inUse().contains("tag"));
      bad.bad = true;
      FakeSource source = sources.get(0);
      long delivered = tag().accounting().delivered();
      for (int i = 0; i < 30; i++) {
        source.play(1000 + (sticks ? 100 : 0) + i, 100, 1);
        Thread.sleep(5);
      }
      await("told", () -> complaints().size() > before);
      await(
          "all scored",
          () ->
              tag().accounting().delivered() == delivered + 3000
                  && tag().accounting().waiting() == 0);
      assertThat(tag().accounting().balanced()).isTrue();
      assertThat(complaints().get(before).culprit()).contains("stub");
      assertThat(tag().engine()).isNotEmpty();
      assertThat(player.providers().get(0).inUse()).as("it is out of service").isEmpty();
      player.unbindEngine(bad);
    }
  }

  @Test
  void shouldNotWaitForAnEngineThatDoesNotOpenForEver() throws Exception {
    watch();
    CountDownLatch free = new CountDownLatch(1);
    ScorerEngine closed =
        model -> {
          try {
            free.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new IllegalStateException("too late");
        };
    player.bindEngine(reference(ScorerEngine.FORMAT, "stub", 9), closed);
    await(20, "told", () -> !complaints().isEmpty());
    free.countDown();
    assertThat(complaints().get(0).remark()).contains("was not ready");
    assertThat(tag().engine()).isNotEmpty();
  }

  @Test
  void shouldLetGoOfAnEngineThatUnregistersInTheMiddleOfACall() throws Exception {
    watch();
    ScorerEngine[] leaving = new ScorerEngine[1];
    leaving[0] =
        model ->
            new Scorer() {
              private int calls;

              @Override
              public void score(short[] classes, int rows, float[] surprise) {
                if (++calls == 30) {
                  player.unbindEngine(leaving[0]);
                }
                Arrays.fill(surprise, 0, rows, 0.25f);
              }

              @Override
              public void close() {}
            };
    player.bindEngine(reference(ScorerEngine.FORMAT, "stub", 9), leaving[0]);
    await("taken over", () -> tag().lastSwap().isPresent());
    FakeSource source = sources.get(0);
    for (int i = 1; i <= 40; i++) {
      source.play(i, 100, 1);
      Thread.sleep(2);
    }
    await(
        "let go",
        () -> player.providers().stream().filter(it -> it.kind().equals("engine")).count() == 1);
    await("all scored", () -> tag().accounting().scored() == 40 * 95);
    assertThat(tag().accounting().balanced()).isTrue();
  }

  @Test
  void shouldTellOfAPolicyThatThrowsAndUseTheFailSafe() throws Exception {
    Policy broken =
        new Policy() {
          @Override
          public Verdict decide(Detection detection) {
            throw new IllegalStateException("made to fail");
          }

          @Override
          public Set<Verdict.Kind> requires() {
            return Set.of();
          }
        };
    player.bindPolicy(reference(Policy.NAME, "broken", 0), broken);
    install("m1", 0.001f);
    player.configured(
        "pid",
        new TagSettings(
            Scene.TAG,
            "fake",
            Mode.LIVE,
            Gate.ENFORCE,
            "broken",
            new Verdict(Verdict.Kind.SUSPEND, Verdict.Scope.PROCESS),
            128,
            250,
            500,
            3));
    await("open", () -> !player.tags().isEmpty() && tag().transport().equals("fake"));
    await("model", () -> tag().model().equals("m1"));
    sources.get(0).play(1, 100, 2);
    await("told", () -> complaints().size() == 1);
    assertThat(complaints().get(0).culprit()).contains("broken");
    assertThat(sources.get(0).enforced).contains("1 suspend/process");
    configure(Mode.LIVE, Gate.ENFORCE, "alert", 128);
    await("policy", () -> tag().swaps().get("policy") == 1);
    assertThat(player.sessions().get(0).verdict()).as("in force").isEqualTo("suspend/process");
    player.release(1);
    assertThat(sources.get(0).released).containsExactly(1);
    assertThat(player.sessions().get(0).verdict()).isEmpty();
  }
}
