// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tagwatch.agent.AgentException;

/** Takes each alert once and decides whom it belongs to. */
final class AlertDesk {
  private static final long ATTACK_LIMIT_MS = 2_000;
  private static final long QUIET_MS = 150;

  private final AgentShell shell;
  private final Narrator narrator;
  private final Map<Integer, Long> falseAlarms = new HashMap<>();
  private long seen;

  AlertDesk(AgentShell shell, Narrator narrator) {
    this.shell = shell;
    this.narrator = narrator;
  }

  /** Alerts that nobody has taken yet. */
  List<Sighting> take() throws AgentException {
    List<Sighting> alerts = shell.alertsAfter(seen);
    if (!alerts.isEmpty()) {
      seen = alerts.get(alerts.size() - 1).id();
    }
    return alerts;
  }

  /** Takes what was raised by benign traffic. */
  void takeFalseAlarms() throws AgentException {
    countFalseAlarms(take());
  }

  long falseAlarms(int tag) {
    return falseAlarms.getOrDefault(tag, 0L);
  }

  /**
   * Takes what an attack on the tag has raised, once the processes that were stopped have ended and
   * no alert has come for a while: one that was left would be told to the next attack. Meanwhile
   * the other tag had benign traffic only.
   */
  List<Sighting> takeAttack(int tag) throws AgentException, InterruptedException {
    long deadline = System.nanoTime() + ATTACK_LIMIT_MS * 1_000_000;
    List<Sighting> before = List.of();
    List<Sighting> alerts = shell.alertsAfter(seen);
    while (System.nanoTime() < deadline && !(complete(alerts, tag) && alerts.equals(before))) {
      Thread.sleep(QUIET_MS);
      before = alerts;
      alerts = shell.alertsAfter(seen);
    }
    if (!alerts.isEmpty()) {
      seen = alerts.get(alerts.size() - 1).id();
    }
    countFalseAlarms(alerts.stream().filter(alert -> alert.tag() != tag).toList());
    return alerts.stream().filter(alert -> alert.tag() == tag).toList();
  }

  private static boolean complete(List<Sighting> alerts, int tag) {
    return alerts.stream().anyMatch(alert -> alert.tag() == tag)
        && alerts.stream().allMatch(alert -> !alert.ordered() || alert.exitedNs().isPresent());
  }

  private void countFalseAlarms(List<Sighting> alerts) {
    for (Sighting alert : alerts) {
      narrator.say("FALSE ALARM: %s", alert.line());
      falseAlarms.merge(alert.tag(), 1L, Long::sum);
    }
  }
}
