// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Accounting;
import tagwatch.player.Alert;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.Player;
import tagwatch.player.TagStatus;
import tagwatch.transport.TransportCounter;

/**
 * The platform that these tests run in, as an operator has it: files, configurations, bundles and
 * the player. What a test configures is gone after {@link #end}.
 */
final class Agent {
  static final BundleContext CONTEXT = FrameworkUtil.getBundle(Agent.class).getBundleContext();
  static final Path HOME = Path.of(CONTEXT.getProperty("tagwatch.home"));

  private static final String TAG = "tagwatch.tag";
  private static final String REPLAY = "tagwatch.replay";

  private final Set<Configuration> configurations = new HashSet<>();
  private final Path work;

  /** With an empty folder for the test's files. */
  Agent(String test) throws IOException {
    work = HOME.resolveSibling("work").resolve(test);
    delete(work);
    Files.createDirectories(work);
  }

  Path work(String name) {
    return work.resolve(name);
  }

  // Services and bundles.

  static <T> T service(Class<T> type) throws Exception {
    return Await.until(
        "a service " + type.getName(),
        () -> {
          ServiceReference<T> reference = CONTEXT.getServiceReference(type);
          return reference == null ? null : CONTEXT.getService(reference);
        },
        found -> found != null);
  }

  static Player player() throws Exception {
    return service(Player.class);
  }

  static Bundle bundle(String name) {
    return Arrays.stream(CONTEXT.getBundles())
        .filter(bundle -> bundle.getSymbolicName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no bundle " + name));
  }

  /** What a test does. */
  interface Action {
    void run() throws Exception;
  }

  /** Does it while a bundle is stopped. */
  static void without(String name, Action action) throws Exception {
    bundle(name).stop(Bundle.STOP_TRANSIENT);
    try {
      action.run();
    } finally {
      bundle(name).start(Bundle.START_TRANSIENT);
    }
  }

  // Configurations.

  void watch(int tag, Object... settings) throws Exception {
    Configuration configuration =
        service(ConfigurationAdmin.class).getFactoryConfiguration(TAG, "t" + tag, "?");
    configurations.add(configuration);
    Map<String, Object> properties = new HashMap<>();
    properties.put("tag", tag);
    properties.put("transport", "replay");
    for (int i = 0; i < settings.length; i += 2) {
      properties.put((String) settings[i], settings[i + 1]);
    }
    configuration.update(FrameworkUtil.asDictionary(properties));
    Await.until("watched: " + tag, () -> player().tags().stream().anyMatch(it -> it.tag() == tag));
  }

  /** No longer watches the tag. */
  void ignore(int tag) throws Exception {
    Configuration configuration =
        service(ConfigurationAdmin.class).getFactoryConfiguration(TAG, "t" + tag, "?");
    configurations.remove(configuration);
    configuration.delete();
    Await.until(
        "not watched: " + tag, () -> player().tags().stream().noneMatch(it -> it.tag() == tag));
  }

  /** Replays a recording so many times, 0 for ever, at a rate of events per second. */
  void replay(Path file, int rate, int times) throws Exception {
    Configuration configuration = service(ConfigurationAdmin.class).getConfiguration(REPLAY, "?");
    configurations.add(configuration);
    configuration.update(
        FrameworkUtil.asDictionary(
            Map.of("file", file.toString(), "speed", Integer.toString(rate), "loop", times)));
  }

  /** Waits until all of a recording has been replayed and every event of it is settled. */
  static void settled(Written written) throws Exception {
    Await.until(
        "settled",
        Agent::state,
        state ->
            state.emitted == written.total()
                && state.accounting.stream().mapToLong(Accounting::delivered).sum()
                    == written.total()
                && state.accounting.stream().allMatch(it -> it.waiting() == 0));
  }

  record State(long emitted, List<Accounting> accounting) {}

  static State state() throws Exception {
    return new State(
        counter(TransportCounter.EMITTED),
        player().tags().stream().map(TagStatus::accounting).toList());
  }

  // What the player says.

  static TagStatus tag(int tag) throws Exception {
    return player().tags().stream()
        .filter(it -> it.tag() == tag)
        .findFirst()
        .orElseThrow(() -> new AssertionError("tag " + tag + " is not watched"));
  }

  static List<Alert> alerts(int tag) throws Exception {
    return player().alerts().stream().filter(it -> it.detection().tag() == tag).toList();
  }

  static long counter(TransportCounter counter) throws Exception {
    return player().status().sources().values().stream()
        .mapToLong(counters -> counters.getOrDefault(counter, 0L))
        .sum();
  }

  /** Waits for a line in the log that has all these parts. */
  static String logged(String... parts) throws Exception {
    Path log = HOME.resolveSibling("agent.log");
    return Await.until(
            "logged: " + List.of(parts),
            () ->
                Files.readAllLines(log).stream()
                    .filter(line -> Arrays.stream(parts).allMatch(line::contains))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  // Models.

  static LearnReport learn(int tag, Path recording, Path models, String order) throws Exception {
    return learn(tag, recording, models, "markov", Map.of("order", order), "max:2");
  }

  static LearnReport learn(
      int tag, Path recording, Path models, String format, Map<String, String> options, String rule)
      throws Exception {
    LearnRequest request =
        new LearnRequest(
            tag, List.of(recording), models, format, options, List.of("path"), 10, rule);
    return player().learn(request, (step, done) -> {});
  }

  static Path models() {
    return HOME.resolve("models");
  }

  /** Learns straight into the models folder, and waits until the player knows the model. */
  static LearnReport install(int tag, Path recording, String order) throws Exception {
    LearnReport report = learn(tag, recording, models(), order);
    known(report.version());
    return report;
  }

  static void known(String version) throws Exception {
    Await.until(
        "known: " + version,
        () -> player().models().stream().anyMatch(it -> it.version().equals(version)));
  }

  // End.

  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      all.sorted(Comparator.reverseOrder()).forEach(Agent::deleteOne);
    }
  }

  private static void deleteOne(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void end() throws Exception {
    for (Configuration configuration : configurations) {
      configuration.delete();
    }
    // The folders themselves stay: File Install loses sight of one that is removed.
    for (String folder : List.of("models", "conf")) {
      try (Stream<Path> inside = Files.list(HOME.resolve(folder))) {
        for (Path path : inside.toList()) {
          delete(path);
        }
      }
    }
    Await.until("quiet", () -> player().tags().isEmpty() && player().models().isEmpty());
    Await.until(
        "without replay",
        () -> player().providers().stream().noneMatch(it -> it.name().equals("replay")));
  }
}
