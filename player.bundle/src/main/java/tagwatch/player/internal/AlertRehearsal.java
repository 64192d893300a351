// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.player.Alert;
import tagwatch.policy.Detection;

/**
 * Goes through alerts that nobody sees, for a task that does not exist: the first real one would
 * else load classes while the process goes on.
 */
final class AlertRehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(AlertRehearsal.class);
  private static final int TIMES = 100;

  private AlertRehearsal() {}

  static void of(int tag, Vocabulary vocabulary, ScorerBinding by) {
    SymbolTable symbols = new SymbolTable(vocabulary);
    TaskKey nobody = new TaskKey(Integer.MAX_VALUE, 1);
    TaskStart start =
        new TaskStart(
            nobody, nobody, Optional.empty(), tag, Executable.UNKNOWN, 0, TaskStart.Origin.FORKED);
    Session session = new Session(-1, start, 2 * (ModelManifest.MAX_WINDOW + 1));
    for (int i = 0; i < TIMES; i++) {
      session.push(SymbolTable.OVERFLOW, i + 1, 0);
      session.settle(0, by.rolling);
      long at = session.position - 1;
      Case it =
          new Case(
              Detection.Cause.ANOMALY,
              session,
              at,
              by,
              new AnomalyDetection(Detection.Cause.ANOMALY, tag, session, at, 0, by, symbols),
              false);
      it.enforcement = Alarms.NOTHING_TO_DO;
      Alert unseen = Alarms.alert(0, it);
      LOG.trace("rehearsed {}", unseen);
    }
  }
}
