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
  private static final String GONE = "its file is gone; it runs on from the player's copy";

  List<ModelStatus> list() {
    List<ModelStatus> list = new ArrayList<>();
    List<StoredModel> onDisk = new ArrayList<>();
    for (ModelStore.Entry entry : store.entries()) {
      if (entry.model() == null) {
        list.add(refused(entry));
      } else {
        onDisk.add(entry.model());
        list.add(status(entry.model(), entry.reason()));
      }
    }
    for (TagPlay play : plays) {
      addIfGone(play.casting.model(), onDisk, list);
      addIfGone(play.casting.inShadow(), onDisk, list);
    }
    return list;
  }

  private void addIfGone(StoredModel model, List<StoredModel> onDisk, List<ModelStatus> list) {
    if (model != null && onDisk.stream().noneMatch(found -> same(found, model))) {
      list.add(status(model, GONE));
    }
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

  private Optional<TagPlay> play(StoredModel model) {
    return plays.stream()
        .filter(play -> play.settings().tag() == model.manifest().tag())
        .findFirst();
  }

  private static ModelStanding standing(Casting casting, StoredModel model) {
    String version = model.manifest().version();
    LastGood set = casting.lastGood();
    if (casting.model() != null && same(casting.model(), model)) {
      return ModelStanding.INCUMBENT;
    } else if (casting.inShadow() != null && same(casting.inShadow(), model)) {
      return ModelStanding.SHADOW;
    } else if (set.withdrawn().containsKey(version)) {
      return ModelStanding.REFUSED;
    }
    return set.ran().contains(version) ? ModelStanding.RETIRED : ModelStanding.READY;
  }

  private static String reason(TagPlay play, ModelStanding standing, String version) {
    return switch (standing) {
      case INCUMBENT -> play.staleness();
      case REFUSED -> play.casting.lastGood().withdrawn().getOrDefault(version, "");
      default -> "";
    };
  }

  private ModelStatus status(StoredModel model, String reason) {
    ModelManifest manifest = model.manifest();
    Optional<TagPlay> play = play(model);
    ModelStanding standing =
        play.map(it -> standing(it.casting, model)).orElse(ModelStanding.READY);
    String why =
        reason.isEmpty()
            ? play.map(it -> reason(it, standing, manifest.version())).orElse("")
            : reason;
    return new ModelStatus(
        manifest.tag(),
        manifest.version(),
        manifest.format(),
        model.folder().toString(),
        manifest.sha256(),
        standing,
        why,
        play.map(it -> it.casting.gateOf(manifest.version())).orElse(Gate.MONITOR),
        play.map(it -> it.casting.engineOf(manifest.version())).orElse(""),
        manifest.window(),
        manifest.rolling(),
        manifest.threshold(),
        play.flatMap(it -> it.casting.figures(manifest.version())),
        manifest.provenance());
  }
}
