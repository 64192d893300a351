// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import tagwatch.player.Alert;

/** The last alerts of all tags. Any thread may call. */
final class AlertLog {
  private static final int KEPT = 1000;

  private final TreeMap<Long, Alert> alerts = new TreeMap<>();
  private long lastId;

  /** Adds the alert that is made for the next id. */
  synchronized Alert add(LongFunction<Alert> made) {
    Alert alert = made.apply(++lastId);
    alerts.put(alert.id(), alert);
    if (alerts.size() > KEPT) {
      alerts.pollFirstEntry();
    }
    return alert;
  }

  /** The alert's task ended. */
  synchronized void ended(long id, long atNs, long callsAfter) {
    alerts.computeIfPresent(id, (key, alert) -> alert.ended(atNs, callsAfter));
  }

  synchronized List<Alert> all() {
    return List.copyOf(alerts.values());
  }

  synchronized Optional<Alert> find(long id) {
    return Optional.ofNullable(alerts.get(id));
  }
}
