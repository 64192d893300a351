// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/**
 * How much new a recording brings as it goes on: whether it was long enough. Counted are the
 * n-grams that the model will see (its window and the next event), by 64-bit hash.
 *
 * @param perThousand new n-grams per 1,000 events in each tenth of the recording
 */
record Novelty(List<Double> perThousand) {
  private static final int PARTS = 10;

  /** New n-grams per 1,000 events below which a recording counts as saturated. */
  private static final double SATURATED = 2.0;

  /** Goes through the log in order of time, task by task as the events came. */
  static Novelty of(EventLog log, List<String> names, FeatureSelection selection, int window) {
    ClassMap classMap = new ClassMap(log.symbolTable(), names, selection);
    Count count = new Count(log.events(), window);
    for (int entry = 0; entry < log.size(); entry++) {
      EventLog.Trace trace = log.traceAt(entry);
      short symbol = log.symbolAt(entry);
      if (symbol == EventLog.STARTED) {
        count.started(trace);
      } else if (symbol == EventLog.BROKEN) {
        count.broken(trace);
      } else if (symbol == EventLog.ENDED) {
        count.ended(trace);
      } else {
        count.event(trace, classMap.classOf(symbol));
      }
    }
    return count.novelty();
  }

  /** Counts while events come; a hash for each distinct n-gram is what it keeps. */
  static final class Count {
    private final Int2ObjectHashMap<Recent> recent = new Int2ObjectHashMap<>();
    private final long[] events = new long[PARTS];
    private final long[] fresh = new long[PARTS];
    private final LongHashSet seen = new LongHashSet();
    private final long total;
    private final int window;
    private long done;

    /** For so many events. */
    Count(long total, int window) {
      this.total = total;
      this.window = window;
    }

    void started(EventLog.Trace trace) {
      Recent parent = trace.inherits() ? recent.get(trace.parent.number) : null;
      recent.put(trace.number, parent == null ? new Recent(window) : new Recent(parent));
    }

    void broken(EventLog.Trace trace) {
      recent.put(trace.number, new Recent(window));
    }

    void ended(EventLog.Trace trace) {
      recent.remove(trace.number);
    }

    void event(EventLog.Trace trace, short seenClass) {
      int part = (int) (done++ * PARTS / total);
      events[part]++;
      Recent last = recent.get(trace.number);
      last.add(seenClass);
      if (last.isWhole() && seen.add(hash(last.classes))) {
        fresh[part]++;
      }
    }

    Novelty novelty() {
      List<Double> perThousand = new ArrayList<>();
      for (int part = 0; part < PARTS; part++) {
        perThousand.add(events[part] == 0 ? 0 : 1000.0 * fresh[part] / events[part]);
      }
      return new Novelty(perThousand);
    }
  }

  /** A task's last classes: a window and the event after it. */
  private static final class Recent {
    private final short[] classes;
    private int count;

    Recent(int window) {
      classes = new short[window + 1];
    }

    Recent(Recent parent) {
      classes = parent.classes.clone();
      count = parent.count;
    }

    void add(short next) {
      System.arraycopy(classes, 1, classes, 0, classes.length - 1);
      classes[classes.length - 1] = next;
      count = Math.min(classes.length, count + 1);
    }

    boolean isWhole() {
      return count == classes.length;
    }
  }

  private static long hash(short[] classes) {
    long hash = 0xcbf29ce484222325L;
    for (short seen : classes) {
      hash = (hash ^ seen) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  boolean saturated() {
    return perThousand.get(PARTS - 1) <= SATURATED && perThousand.get(PARTS - 2) <= SATURATED;
  }
}
