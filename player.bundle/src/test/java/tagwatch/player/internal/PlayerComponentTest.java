// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import tagwatch.event.Verdict;
import tagwatch.player.Gate;
import tagwatch.player.ModelStanding;
import tagwatch.player.ModelStatus;
import tagwatch.player.PlayerException;
import tagwatch.policy.Policy;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Subscription.Mode;

/** Tags, models, engines, policies and transports that come and go. */
class PlayerComponentTest extends Staged {
  @Test
  void shouldPlayTheFirstModelThatIsFoundInMonitor() throws Exception {
    watch();
    assertThat(tag().model()).isEqualTo("m1");
    await("gate", () -> tag().gate() == Gate.MONITOR);
    assertThat(tag().problems()).isEmpty();
    assertThat(player.models())
        .extracting(ModelStatus::state)
        .containsExactly(ModelStanding.INCUMBENT);
    int before = sources.size();
    player.configured("pid", settings(Mode.LIVE, Gate.LEARN, "alert", 128));
    install("m2", 8f);
    assertThat(tag().model()).as("another model does not replace it").isEqualTo("m1");
    assertThat(sources).as("nothing was reopened").hasSize(before);
  }

  @Test
  void shouldReopenForAnotherModeOrRingSizeAndKeepModelAndGate() throws Exception {
    watch();
    player.gate(Scene.TAG, Gate.ENFORCE);
    store.uninstall(home.resolve("models/m1/manifest.json").toFile());
    assertThat(player.models())
        .extracting(ModelStatus::state)
        .containsExactly(ModelStanding.INCUMBENT);
    configure(Mode.SNAPSHOT, Gate.LEARN, "alert", 128);
    await("mode", () -> tag().mode().equals("snapshot") && sources.size() == 2);
    assertThat(sources.get(0).closed).isTrue();
    configure(Mode.SNAPSHOT, Gate.LEARN, "alert", 256);
    await("ring", () -> sources.size() == 3 && !tag().engine().isEmpty());
    assertThat(tag().model()).as("its file is gone, it runs on").isEqualTo("m1");
    await("gate", () -> tag().gate() == Gate.ENFORCE);
  }

  @Test
  void shouldFindModelAndGateAgainAfterARestart() throws Exception {
    watch();
    install("m0", 7f);
    player.use(Scene.TAG, "m0");
    player.gate(Scene.TAG, Gate.ENFORCE);
    player.use(Scene.TAG, "m1");
    assertThat(tag().gate()).as("of that model").isEqualTo(Gate.MONITOR);
    player.use(Scene.TAG, "m0");
    assertThat(tag().gate()).isEqualTo(Gate.ENFORCE);
    player.deactivate();
    player = player();
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    await("model", () -> !player.tags().isEmpty() && tag().model().equals("m0"));
    await("gate", () -> tag().gate() == Gate.ENFORCE);
  }

  @Test
  void shouldFollowTheConfiguredGateUntilOneIsSet() throws Exception {
    watch();
    configure(Mode.LIVE, Gate.ENFORCE, "alert", 128);
    await("gate", () -> tag().gate() == Gate.ENFORCE);
    player.gate(Scene.TAG, Gate.MONITOR);
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    configure(Mode.LIVE, Gate.ENFORCE, "alert", 128);
    player.gate(Scene.TAG, Gate.MONITOR);
    assertThat(tag().gate()).isEqualTo(Gate.MONITOR);
  }

  @Test
  void shouldChangeEnginesWithoutAGapInService() throws Exception {
    watch();
    Scene.Engine better = new Scene.Engine(2);
    player.bindEngine(reference(ScorerEngine.FORMAT, "stub", 5), better);
    await("taken over", () -> player.tags().get(0).lastSwap().isPresent());
    assertThat(better.opened).isEqualTo(1);
    assertThat(engine.closed).as("it stands in while the new one proves itself").isZero();
    player.unbindEngine(better);
    assertThat(better.closed).as("released before unbind returns").isEqualTo(1);
    assertThat(engine.opened).isEqualTo(2);
    player.unbindEngine(engine);
    assertThat(tag().engine()).isEmpty();
    assertThat(tag().problems()).anyMatch(it -> it.contains("no engine for format 'stub'"));
    player.bindEngine(reference(ScorerEngine.FORMAT, "stub", 0), engine);
    await("back", () -> !tag().engine().isEmpty() && tag().problems().isEmpty());
  }

  @Test
  void shouldKeepTheRunningModelWhenAnotherIsRefused() throws Exception {
    watch();
    assertThatThrownBy(() -> player.use(Scene.TAG, "m9"))
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining("no model m9")
        .hasMessageContaining("m1");
    install("m2", 9f);
    engine.fault = Scene.Fault.NAN;
    assertThatThrownBy(() -> player.use(Scene.TAG, "m2")).hasMessageContaining("NaN");
    assertThat(tag().model()).isEqualTo("m1");
    assertThat(tag().engine()).isNotEmpty();
    engine.fault = Scene.Fault.NONE;
    assertThatThrownBy(() -> player.gate(99, Gate.ENFORCE)).hasMessageContaining("99");
  }

  @Test
  void shouldSayWhyATransportIsNotOpenAndTryAgain() throws Exception {
    unopenable = true;
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    await("problem", () -> !player.tags().isEmpty() && !tag().problems().isEmpty());
    assertThat(tag().transport()).isEqualTo("fake (waiting)");
    assertThat(tag().problems()).anyMatch(it -> it.contains("IllegalStateException"));
    unopenable = false;
    await("open after a retry", () -> tag().transport().equals("fake"));
    assertThat(tag().problems()).isEmpty();
  }

  @Test
  void shouldRefuseAPolicyThatTheTransportCannotCarryOut() throws Exception {
    player.bindPolicy(reference(Policy.NAME, "kill", 0), alert(Set.of(Verdict.Kind.KILL)));
    configure(Mode.LIVE, Gate.LEARN, "kill", 128);
    await("problem", () -> !player.tags().isEmpty() && !tag().problems().isEmpty());
    assertThat(tag().problems()).anyMatch(it -> it.contains("'kill'") && it.contains("fail-safe"));
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    await("solved", () -> tag().problems().isEmpty());
  }

  @Test
  void shouldRefuseASecondConfigurationOfATag() throws Exception {
    watch();
    player.configured("other", settings(Mode.SNAPSHOT, Gate.LEARN, "alert", 128));
    assertThat(player.status().problems()).anyMatch(it -> it.contains("already watches"));
    assertThat(tag().mode()).isEqualTo("live");
    player.unconfigured("pid");
    await("unwatched", () -> player.tags().isEmpty());
    await("closed", () -> sources.get(sources.size() - 1).closed);
  }
}
