// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import tagwatch.player.LearnRequest;
import tagwatch.player.Player;
import tagwatch.player.PlayerException;
import tagwatch.player.TagStatus;

/** One tag, its models and its configuration, in the player that this runs beside. */
final class Scene {
  /** Far above what anything here scores: load is no attack. */
  static final double UNREACHABLE = 1000;

  private static final long PATIENCE_NS = 60_000_000_000L;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  final int tag;
  final Player player;
  private final ConfigurationAdmin admin;
  private final Path home;
  private final Path work;
  private final List<Configuration> configurations = new ArrayList<>();
  private final List<Path> models = new ArrayList<>();
  private Configuration tagConfiguration;

  Scene(BundleContext context, Player player, ConfigurationAdmin admin, int tag)
      throws IOException {
    this.tag = tag;
    this.player = player;
    this.admin = admin;
    home = Path.of(context.getProperty("tagwatch.home"));
    work = Files.createTempDirectory(Files.createDirectories(home.resolve("load")), "tag-" + tag);
  }

  Path work(String name) {
    return work.resolve(name);
  }

  /** Learns a model that never raises an alarm, and gives it to the player. */
  String learn(Path recording, String format, Map<String, String> options, double threshold)
      throws Exception {
    Path learned =
        player
            .learn(
                new LearnRequest(
                    tag, List.of(recording), work, format, options, List.of(), 10, "max:2"),
                (step, done) -> {})
            .folder();
    return install(learned, "-" + models.size(), threshold);
  }

  /** Gives the player a copy of a model under a version of its own. */
  String install(Path folder, String suffix, double threshold) throws Exception {
    JsonObject manifest =
        JsonParser.parseString(Files.readString(folder.resolve("manifest.json"))).getAsJsonObject();
    String version = manifest.get("version").getAsString() + suffix;
    manifest.addProperty("version", version);
    if (threshold > 0) {
      manifest.addProperty("threshold", threshold);
    }
    Path target = home.resolve("models").resolve(Integer.toString(tag)).resolve(version);
    Files.createDirectories(target);
    models.add(target);
    String content = manifest.get("content").getAsString();
    Files.copy(folder.resolve(content), target.resolve(content));
    Path draft = work.resolve("manifest.draft");
    Files.writeString(draft, GSON.toJson(manifest));
    Files.move(draft, target.resolve("manifest.json"), StandardCopyOption.ATOMIC_MOVE);
    await(
        "the model " + version,
        () -> player.models().stream().anyMatch(it -> it.version().equals(version)),
        known -> known);
    return version;
  }

  String learn(Path recording, String format, Map<String, String> options) throws Exception {
    return learn(recording, format, options, UNREACHABLE);
  }

  /** Watches the tag. */
  void watch(Map<String, Object> settings) throws Exception {
    if (tagConfiguration == null) {
      tagConfiguration = admin.getFactoryConfiguration("tagwatch.tag", "load" + tag, "?");
      configurations.add(tagConfiguration);
    }
    Map<String, Object> all = new HashMap<>(settings);
    all.put("tag", tag);
    tagConfiguration.update(FrameworkUtil.asDictionary(all));
    await(
        "tag " + tag,
        () -> player.tags().stream().anyMatch(it -> it.tag() == tag),
        watched -> watched);
  }

  /** No longer watches the tag: whoever watches it next counts from the start. */
  void unwatch() throws Exception {
    tagConfiguration.delete();
    configurations.remove(tagConfiguration);
    tagConfiguration = null;
    await(
        "the end of tag " + tag,
        () -> player.tags().stream().noneMatch(it -> it.tag() == tag),
        gone -> gone);
  }

  void configure(String pid, Map<String, Object> settings) throws IOException {
    Configuration configuration = admin.getConfiguration(pid, "?");
    configurations.add(configuration);
    configuration.update(FrameworkUtil.asDictionary(settings));
  }

  void unconfigure(String pid) throws IOException {
    admin.getConfiguration(pid, "?").delete();
  }

  /** Waits until a transport is no longer open. */
  void closed(String transport) throws Exception {
    await(
        "the end of " + transport,
        () -> player.status().sources(),
        sources -> !sources.containsKey(transport));
  }

  TagStatus status() throws PlayerException {
    return player.tags().stream()
        .filter(it -> it.tag() == tag)
        .findFirst()
        .orElseThrow(() -> new PlayerException("tag " + tag + " is not watched"));
  }

  /** The first value that is accepted; an order that the player cannot answer is given again. */
  static <T> T await(String what, Callable<T> value, Predicate<T> accepted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NS;
    Object last = null;
    while (System.nanoTime() < deadline) {
      try {
        T now = value.call();
        if (accepted.test(now)) {
          return now;
        }
        last = now;
      } catch (PlayerException e) {
        last = e.getMessage();
      }
      Thread.sleep(0, 300_000);
    }
    throw new IllegalStateException("waited in vain for " + what + ": " + last);
  }

  /** Leaves everything as it was before. */
  void end() throws Exception {
    for (Configuration configuration : configurations) {
      try {
        configuration.delete();
      } catch (IllegalStateException e) {
        // deleted meanwhile, as wanted
      }
    }
    await(
        "the end of tag " + tag,
        () -> player.tags().stream().noneMatch(it -> it.tag() == tag),
        gone -> gone);
    for (Path model : models) {
      // what makes it a model goes first
      Files.deleteIfExists(model.resolve("manifest.json"));
      Trees.delete(model);
    }
    Trees.delete(work);
  }
}
