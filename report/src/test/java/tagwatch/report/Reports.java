// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reports on a good model and what changes them. */
final class Reports {
  static final float THRESHOLD = 1.5f;
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123Z");

  private final List<Role> roles = new ArrayList<>();
  private final List<Rehearsed.Recording> recordings = new ArrayList<>();
  private final Map<String, String> provenance =
      new HashMap<>(Map.of("recordings", "training.twr", "novelty", "30,5,1,1,0,0,0.5,0,0.1,0"));
  private List<Rehearsed.Recording> theirs;
  private String format = "markov";

  /** A model that has everything that is asked for. */
  static Reports ready() {
    return new Reports()
        .with(Role.NORMAL, Recordings.normal("later.twr"))
        .with(Role.ATTACK, Recordings.attack("attack.twr"));
  }

  Reports with(Role role, Rehearsed.Recording recording) {
    roles.add(role);
    recordings.add(recording);
    return this;
  }

  /** Without the recordings of a role. */
  Reports without(Role role) {
    for (int i = roles.size() - 1; i >= 0; i--) {
      if (roles.get(i) == role) {
        roles.remove(i);
        recordings.remove(i);
      }
    }
    return this;
  }

  Reports telling(String key, String value) {
    provenance.put(key, value);
    return this;
  }

  Reports silentAbout(String key) {
    provenance.remove(key);
    return this;
  }

  Reports format(String name) {
    format = name;
    return this;
  }

  /** Beside another model that scores the same. */
  Reports compared() {
    theirs = List.copyOf(recordings);
    return this;
  }

  private Rehearsed.Model model(String name, Map<String, String> told) {
    return new Rehearsed.Model(
        13107,
        name + "-1c9a3f0e77b2",
        name,
        "/models/13107/" + name + "-1c9a3f0e77b2",
        "ab".repeat(32),
        5899,
        52,
        List.of(),
        5,
        20,
        THRESHOLD,
        "max:2",
        List.of("d043"),
        told);
  }

  TrainingReport report() {
    Rehearsed other = theirs == null ? null : new Rehearsed(model("tflite", Map.of()), theirs);
    return TrainingReport.of(
        roles, new Rehearsed(model(format, provenance), recordings), other, NOW);
  }

  Judgement judgement() {
    return report().judgement();
  }

  Check check(String id) {
    return judgement().checks().stream()
        .filter(check -> check.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check " + id + " in " + judgement().checks()));
  }

  boolean asks(String id) {
    return judgement().checks().stream().anyMatch(check -> check.id().equals(id));
  }
}
