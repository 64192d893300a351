// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One attack and the alerts that it raised.
 *
 * @param loot what reached the attacker
 * @param alerts on the attacked tag
 */
record AttackRun(Loot loot, List<Sighting> alerts) {
  boolean detected() {
    return !alerts.isEmpty();
  }

  /**
   * A verdict was given and the shell ended before its last command. Whether the transport saw its
   * signal arrive says less: a process that meets the verdict in the kernel is gone before.
   */
  boolean blocked() {
    return alerts.stream().anyMatch(Sighting::ordered) && loot.cutShort();
  }

  /** The alert that counts: the first with a verdict, else the first. */
  Optional<Sighting> decisive() {
    return alerts.stream()
        .min(
            Comparator.comparing((Sighting alert) -> !alert.ordered())
                .thenComparing(Sighting::timestampNs));
  }

  /** The figures over all runs. */
  static DemoResult.Attack sum(List<AttackRun> runs) {
    List<Sighting> decisive = runs.stream().flatMap(run -> run.decisive().stream()).toList();
    List<Sighting> ended =
        decisive.stream().filter(alert -> alert.ordered() && alert.exitedNs().isPresent()).toList();
    return new DemoResult.Attack(
        runs.size(),
        (int) runs.stream().filter(AttackRun::detected).count(),
        (int) runs.stream().filter(AttackRun::blocked).count(),
        runs.stream().map(run -> run.loot().completed()).toList(),
        Percentiles.of(decisive.stream().map(Sighting::sequence).toList()).p50(),
        decisive.stream().map(Sighting::sequence).toList(),
        Percentiles.of(
            ended.stream().map(alert -> microseconds(alert, alert.decidedNs())).toList()),
        Percentiles.of(
            ended.stream()
                .map(alert -> microseconds(alert, alert.exitedNs().orElseThrow()))
                .toList()),
        Percentiles.of(ended.stream().map(alert -> alert.callsAfter().orElse(0)).toList()));
  }

  private static double microseconds(Sighting alert, long untilNs) {
    return (untilNs - alert.timestampNs()) / 1_000.0;
  }
}
