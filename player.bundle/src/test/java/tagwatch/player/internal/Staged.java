// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.player.Gate;
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

/** The coordinator with all its parts, without a framework, for tests that extend it. */
abstract class Staged {
  @TempDir Path home;
  final List<FakeSource> sources = Collections.synchronizedList(new ArrayList<>());
  volatile boolean unopenable;
  final ModelStore store = new ModelStore();
  final Scene.Engine engine = new Scene.Engine(1);
  final Transport transport = transport(Scene.VOCABULARY);
  long serviceId;
  PlayerComponent player;

  @BeforeEach
  void start() throws PlayerException {
    player = player();
  }

  PlayerComponent player() {
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
  <T> ServiceReference<T> reference(String property, String name, int ranking) {
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

  static Policy alert(Set<Verdict.Kind> required) {
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

  Transport transport(Vocabulary vocabulary) {
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

  static TagSettings settings(Mode mode, Gate gate, String policy, int retained) {
    return new TagSettings(
        Scene.TAG, "fake", mode, gate, policy, Verdict.ALERT, retained, 250, 500, 3);
  }

  void configure(Mode mode, Gate gate, String policy, int retained) {
    player.configured("pid", settings(mode, gate, policy, retained));
  }

  /** Waits until what was changed has had its effect. */
  static void await(String what, Callable<Boolean> holds) throws Exception {
    await(10, what, holds);
  }

  static void await(int seconds, String what, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (!holds.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  TagStatus tag() {
    return player.tags().get(0);
  }

  void install(String version, float threshold) throws IOException {
    Path folder = Files.createDirectories(home.resolve("models").resolve(version));
    byte[] content = {1, 2, 3};
    Files.write(folder.resolve("model.bin"), content);
    String json = Scene.model(version, 5, 20, threshold).manifest().json();
    Files.writeString(
        folder.resolve(ModelManifest.FILE),
        json.replace("\"00\"", '"' + StoredModel.sha256(ByteBuffer.wrap(content)) + '"'));
    store.install(folder.resolve(ModelManifest.FILE).toFile());
  }

  void watch() throws Exception {
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
}
