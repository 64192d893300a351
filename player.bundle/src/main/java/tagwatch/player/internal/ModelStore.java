// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.scorer.ModelException;

/**
 * The models that File Install finds in the models folders. A manifest makes a model known, its
 * removal makes it unknown, and neither touches a model that runs.
 */
@Component(service = {ModelStore.class, ArtifactInstaller.class})
public final class ModelStore implements ArtifactInstaller {
  private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);

  /**
   * A manifest that was found.
   *
   * @param model the model; null if it is refused
   * @param reason why it is refused; empty if it is not
   * @param number grows with each that is found
   */
  record Entry(Path manifest, StoredModel model, String reason, long number) {}

  private final Map<Path, Entry> entries = new TreeMap<>();
  private final AtomicLong found = new AtomicLong();
  private Runnable changed = () -> {};

  /** Who wants to know when something changed; called by File Install's thread. */
  synchronized void onChange(Runnable listener) {
    changed = listener;
  }

  @Override
  public boolean canHandle(File file) {
    return file.getName().equals(ModelManifest.FILE);
  }

  @Override
  public void install(File file) {
    Path manifest = file.toPath();
    Entry entry;
    try {
      entry = new Entry(manifest, StoredModel.read(manifest), "", found.incrementAndGet());
      LOG.info("model {} found in {}", entry.model.manifest().version(), manifest.getParent());
    } catch (ModelException | RuntimeException e) {
      String reason = e instanceof ModelException ? e.getMessage() : manifest + ": " + e;
      entry = new Entry(manifest, null, reason, found.incrementAndGet());
      LOG.error("model refused, what runs goes on: {}", reason);
    }
    put(entry);
  }

  private void put(Entry entry) {
    Runnable listener;
    synchronized (this) {
      Entry before = entries.get(entry.manifest);
      if (entry.model == null && before != null && before.model != null) {
        // the good one stays known under its old content; only the reason is new
        entry = new Entry(entry.manifest, before.model, entry.reason, before.number);
      }
      entries.put(entry.manifest, entry);
      listener = changed;
    }
    listener.run();
  }

  @Override
  public void update(File file) {
    install(file);
  }

  @Override
  public void uninstall(File file) {
    Runnable listener;
    synchronized (this) {
      entries.remove(file.toPath());
      listener = changed;
    }
    listener.run();
  }

  synchronized List<Entry> entries() {
    return new ArrayList<>(entries.values());
  }

  synchronized Optional<StoredModel> find(int tag, String version) {
    return entries.values().stream()
        .map(Entry::model)
        .filter(model -> model != null)
        .filter(model -> model.manifest().tag() == tag)
        .filter(model -> model.manifest().version().equals(version))
        .findFirst();
  }

  /** All usable models of a tag, in the order in which they were found. */
  synchronized List<StoredModel> of(int tag) {
    return entries.values().stream()
        .sorted(Comparator.comparing(Entry::number))
        .map(Entry::model)
        .filter(model -> model != null && model.manifest().tag() == tag)
        .toList();
  }
}
