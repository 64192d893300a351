// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tagwatch.player.Gate;
import tagwatch.player.ModelStanding;
import tagwatch.player.ModelStatus;

/** Known and running models, as the shell sees them. */
record ModelList(ModelStore store, Collection<TagPlay> plays) {
  List<ModelStatus> list() {
    List<StoredModel> running = new ArrayList<>();
    plays.stream().map(TagPlay::model).filter(model -> model != null).forEach(running::add);
    List<ModelStatus> list = new ArrayList<>();
    List<StoredModel> onDisk = new ArrayList<>();
    for (ModelStore.Entry entry : store.entries()) {
      if (entry.model() == null) {
        list.add(refused(entry));
      } else {
        onDisk.add(entry.model());
        boolean runs = running.stream().anyMatch(model -> same(model, entry.model()));
        String reason = entry.reason().isEmpty() && runs ? stale(entry.model()) : entry.reason();
        list.add(
            status(entry.model(), runs ? ModelStanding.INCUMBENT : ModelStanding.READY, reason));
      }
    }
    running.stream()
        .filter(model -> onDisk.stream().noneMatch(found -> same(found, model)))
        .forEach(
            model ->
                list.add(status(model, ModelStanding.INCUMBENT, "its file is gone; it runs on")));
    return list;
  }

  private String stale(StoredModel model) {
    return plays.stream()
        .filter(play -> play.model() != null && same(play.model(), model))
        .map(TagPlay::staleness)
        .findFirst()
        .orElse("");
  }

  private static boolean same(StoredModel one, StoredModel other) {
    return one.manifest().tag() == other.manifest().tag()
        && one.manifest().version().equals(other.manifest().version());
  }

  private static ModelStatus refused(ModelStore.Entry entry) {
    return new ModelStatus(
        -1,
        "",
        "",
        entry.manifest().getParent().toString(),
        "",
        ModelStanding.REFUSED,
        entry.reason(),
        Gate.LEARN,
        "",
        0,
        0,
        Float.NaN,
        Optional.empty(),
        Map.of());
  }

  private static ModelStatus status(StoredModel model, ModelStanding state, String reason) {
    ModelManifest manifest = model.manifest();
    return new ModelStatus(
        manifest.tag(),
        manifest.version(),
        manifest.format(),
        model.folder().toString(),
        manifest.sha256(),
        state,
        reason,
        Gate.LEARN,
        "",
        manifest.window(),
        manifest.rolling(),
        manifest.threshold(),
        Optional.empty(),
        manifest.provenance());
  }
}
