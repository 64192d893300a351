// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.player.Alert;
import tagwatch.player.Gate;

/**
 * Alerts about providers that misbehave. The same about the same one is told once a minute: a
 * policy that throws at each detection must not push all other alerts out of the list. Any thread
 * may call.
 */
final class Complaints {
  private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
  private static final long AGAIN_NS = 60_000_000_000L;
  private static final int MOST_REMEMBERED = 1000;

  private final AlertLog log;
  private final TaskKey agent =
      new TaskKey((int) ProcessHandle.current().pid(), Math.max(0, BootClock.nowNs()));
  private final Map<String, Long> toldNs = new ConcurrentHashMap<>();

  Complaints(AlertLog log) {
    this.log = log;
  }

  /** As {@link #about}, but not what was told within the last minute. */
  void again(int tag, Gate gate, Shift.Callee callee, String what) {
    long now = System.nanoTime();
    String key = tag + " " + callee.getClass() + " " + callee.provider();
    if (toldNs.size() > MOST_REMEMBERED) {
      toldNs.clear();
    }
    Long before = toldNs.get(key);
    if (before == null || now - before > AGAIN_NS) {
      toldNs.put(key, now);
      about(tag, gate, callee.provider(), "", what);
    }
  }

  /**
   * Tells.
   *
   * @param gate in force for the tag
   * @param culprit format and bundle of the provider
   * @param model version of the model that it had; empty if none
   * @param what it did, and what was done about it
   */
  void about(int tag, Gate gate, String culprit, String model, String what) {
    ProviderDetection detection = new ProviderDetection(tag, agent, model, BootClock.nowNs());
    Alert alert =
        log.add(
            id ->
                new Alert(
                    id,
                    System.currentTimeMillis(),
                    detection,
                    0,
                    gate,
                    culprit,
                    what,
                    Verdict.ALERT,
                    Alarms.NOTHING_TO_DO,
                    detection.timestampNs(),
                    List.of(),
                    OptionalLong.empty(),
                    OptionalLong.empty()));
    LOG.error("alert {}: tag {}: {}: {}", alert.id(), tag, culprit, Printable.of(what));
  }
}
