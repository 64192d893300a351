// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.scorer.ModelException;

/**
 * The player's own copies of the models that run, ran before or are in shadow: {@code
 * models/TAG/SHA256/} in the folder of the state. Removing a model from the models folder takes it
 * away from nobody who uses it, not even over a restart.
 */
final class ModelArchive {
  private static final Logger LOG = LoggerFactory.getLogger(ModelArchive.class);

  private final Path folder;

  /**
   * @param state null if nothing is kept
   */
  ModelArchive(Path state) {
    folder = state == null ? null : state.resolve("models");
  }

  private Path of(int tag, String key) {
    return folder.resolve(Integer.toString(tag)).resolve(key);
  }

  /** What names a model's copy: the content alone does not say which threshold it was given. */
  static String key(StoredModel model) {
    return StoredModel.sha256(StandardCharsets.UTF_8.encode(model.manifest().json()));
  }

  /** Keeps a model; returns its {@link #key}. */
  String keep(StoredModel model) throws IOException {
    String key = key(model);
    if (folder != null) {
      Path kept = of(model.manifest().tag(), key);
      if (!Files.exists(kept.resolve(ModelManifest.FILE))) {
        Files.createDirectories(kept);
        Durable.write(kept.resolve(model.manifest().content()), model.content());
        Durable.write(
            kept.resolve(ModelManifest.FILE),
            StandardCharsets.UTF_8.encode(model.manifest().json()));
        Durable.sync(kept.getParent());
        Durable.sync(folder);
      }
    }
    return key;
  }

  /** The model that was kept under that key; empty if it is not there or damaged. */
  Optional<StoredModel> find(int tag, String key) {
    if (folder == null || key.isEmpty()) {
      return Optional.empty();
    }
    Path manifest = of(tag, key).resolve(ModelManifest.FILE);
    try {
      StoredModel found = StoredModel.read(manifest);
      if (key(found).equals(key)) {
        return Optional.of(found);
      }
      LOG.error("{}: is not what was kept there", manifest);
    } catch (ModelException e) {
      LOG.error("a kept model cannot be used: {}", e.getMessage());
    }
    return Optional.empty();
  }

  /** Removes a tag's copies but for these. */
  void retain(int tag, Set<String> keys) {
    if (folder == null) {
      return;
    }
    Path of = folder.resolve(Integer.toString(tag));
    if (!Files.isDirectory(of)) {
      return;
    }
    try (Stream<Path> kept = Files.list(of)) {
      for (Path model : kept.toList()) {
        if (!keys.contains(model.getFileName().toString())) {
          remove(model);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{}: what is no longer needed cannot be removed: {}", of, e.toString());
    }
  }

  private static void remove(Path model) throws IOException {
    // the manifest first: a copy without one is none
    Files.deleteIfExists(model.resolve(ModelManifest.FILE));
    try (Stream<Path> all = Files.walk(model)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
