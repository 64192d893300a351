// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import tagwatch.event.Feature;
import tagwatch.event.Hook;
import tagwatch.event.Vocabulary;

/** Which features tell events of one hook apart. */
record FeatureSelection(Set<String> names, boolean all) {
  /** None: hooks alone. */
  static final FeatureSelection NONE = new FeatureSelection(Set.of(), false);

  /** All: what a person reads. */
  static final FeatureSelection ALL = new FeatureSelection(Set.of(), true);

  static FeatureSelection of(Collection<String> names) {
    return new FeatureSelection(Set.copyOf(names), false);
  }

  boolean contains(Feature feature) {
    return all || names.contains(feature.name());
  }

  /** Those of the names that no hook of the vocabulary has. */
  Set<String> missingIn(Vocabulary vocabulary) {
    Set<String> missing = new TreeSet<>(names);
    for (Hook hook : vocabulary.hooks()) {
      hook.features().forEach(feature -> missing.remove(feature.name()));
    }
    return missing;
  }
}
