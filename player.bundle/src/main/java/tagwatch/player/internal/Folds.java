// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.HashMap;
import java.util.Map;
import tagwatch.event.TaskKey;

/**
 * Cuts an event log into parts that can be held out. A process that lives long is cut into
 * contiguous blocks of time, one for each fold; a short one goes into one fold as a whole. Cutting
 * by process alone would put a server's listener, which is alone of its kind, into one fold: held
 * out, nothing like it was learned, and its score would set a threshold that hides every attack.
 */
final class Folds {
  static final int COUNT = 5;
  private static final int LONG_LIVED_EVENTS = 500;

  private final int[] unit;
  private final int[] foldOfUnit;

  private Folds(int[] unit, int[] foldOfUnit) {
    this.unit = unit;
    this.foldOfUnit = foldOfUnit;
  }

  static Folds of(EventLog log) {
    Map<TaskKey, Integer> eventsOf = new HashMap<>();
    for (EventLog.Trace trace : log.traces()) {
      eventsOf.merge(trace.start.process(), trace.events, Integer::sum);
    }
    Map<TaskKey, Integer> firstUnit = new HashMap<>();
    Map<TaskKey, Integer> seen = new HashMap<>();
    int[] unit = new int[log.size()];
    int[] foldOfUnit = new int[eventsOf.size() * COUNT];
    int units = 0;
    int whole = 0;
    for (int entry = 0; entry < log.size(); entry++) {
      TaskKey process = log.traceAt(entry).start.process();
      int events = eventsOf.get(process);
      boolean longLived = events >= LONG_LIVED_EVENTS;
      Integer first = firstUnit.get(process);
      if (first == null) {
        first = units;
        firstUnit.put(process, first);
        if (longLived) {
          for (int block = 0; block < COUNT; block++) {
            foldOfUnit[units++] = block;
          }
        } else {
          foldOfUnit[units++] = whole++ % COUNT;
        }
      }
      int block = 0;
      if (log.symbolAt(entry) >= 0 && longLived) {
        int count = seen.merge(process, 1, Integer::sum) - 1;
        block = (int) ((long) count * COUNT / events);
      }
      unit[entry] = first + block;
    }
    return new Folds(unit, foldOfUnit);
  }

  int unitOf(int entry) {
    return unit[entry];
  }

  int foldOf(int entry) {
    return foldOfUnit[unit[entry]];
  }
}
