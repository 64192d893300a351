// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.player.Gate;
import tagwatch.player.ModelStanding;
import tagwatch.player.ModelStatus;
import tagwatch.player.PlayerException;
import tagwatch.player.TagStatus;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Subscription.Mode;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;

/** The coordinator with all its parts, without a framework. */
class PlayerComponentTest {
  @TempDir Path home;
  private final List<FakeSource> sources = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean unopenable;
  private final ModelStore store = new ModelStore();
  private final Scene.Engine engine = new Scene.Engine(1);
  private final Transport transport = transport(Scene.VOCABULARY);
  private long serviceId;
  private PlayerComponent player;

  @BeforeEach
  void start() throws PlayerException {
    player = player();
  }

  private PlayerComponent player() {
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> home.toString());
    PlayerComponent started = new PlayerComponent(context, store);
    started.bindTransport(reference(Transport.NAME, "fake", 0), transport);
    started.bindEngine(reference(ScorerEngine.FORMAT, "stub", 0), engine);
    started.bindPolicy(reference(Policy.NAME, "alert", 0), alert(Set.of()));
    return started;
  }

  @AfterEach
  void stop() throws PlayerException {
    player.deactivate();
  }

  @SuppressWarnings("unchecked")
  private <T> ServiceReference<T> reference(String property, String name, int ranking) {
    long id = ++serviceId;
    Map<String, Object> properties =
        Map.of(property, name, Constants.SERVICE_RANKING, ranking, Constants.SERVICE_ID, id);
    return (ServiceReference<T>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceReference.class},
            (proxy, method, arguments) ->
                method.getName().equals("getProperty") ? properties.get(arguments[0]) : null);
  }

  private static Policy alert(Set<Verdict.Kind> required) {
    return new Policy() {
      @Override
      public Verdict decide(Detection detection) {
        return Verdict.ALERT;
      }

      @Override
      public Set<Verdict.Kind> requires() {
        return required;
      }
    };
  }

  private Transport transport(Vocabulary vocabulary) {
    return new Transport() {
      @Override
      public Vocabulary vocabulary() {
        return vocabulary;
      }

      @Override
      public Set<Verdict.Kind> verdicts() {
        return Set.of(Verdict.Kind.ALERT);
      }

      @Override
      public List<Finding> probe() {
        return List.of();
      }

      @Override
      public EventSource open(Subscription subscription) throws TransportException {
        if (unopenable) {
          throw new IllegalStateException();
        }
        FakeSource opened = new FakeSource("d");
        sources.add(opened);
        return opened;
      }
    };
  }

  private static TagSettings settings(Mode mode, Gate gate, String policy, int retained) {
    return new TagSettings(Scene.TAG, "fake", mode, gate, policy, Verdict.ALERT, retained);
  }

  private void configure(Mode mode, Gate gate, String policy, int retained) {
    player.configured("pid", settings(mode, gate, policy, retained));
  }

  /** Waits until what was changed has had its effect. */
  private static void await(String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!holds.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  private TagStatus tag() {
    return player.tags().get(0);
  }

  private void install(String version, float threshold) throws IOException {
    Path folder = Files.createDirectories(home.resolve("models").resolve(version));
    byte[] content = {1, 2, 3};
    Files.write(folder.resolve("model.bin"), content);
    String json = Scene.model(version, 5, 20, threshold).manifest().json();
    Files.writeString(
        folder.resolve(ModelManifest.FILE),
        json.replace("\"00\"", '"' + StoredModel.sha256(ByteBuffer.wrap(content)) + '"'));
    store.install(folder.resolve(ModelManifest.FILE).toFile());
  }

  private void watch() throws Exception {
    install("m1", 9f);
    configure(Mode.LIVE, Gate.LEARN, "alert", 128);
    await(
        "model runs",
        () ->
            !player.tags().isEmpty()
                && !tag().engine().isEmpty()
                && tag().model().equals("m1")
                && !tag().transport().contains("waiting"));
  }

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
    await("taken over", () -> better.opened == 1 && engine.closed == 1);
    assertThat(tag().engine()).contains("stub");
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
