// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import tagwatch.transport.EventSource;
import tagwatch.transport.TransportCounter;

/**
 * Counts what the player gets and what it asks scorers for, without asking the player. It stands
 * between transports and player and between player and engines, and knows numbered events by their
 * {@link Numbering}: so it sees for each event that it was scored, that it was scored once, and how
 * old it was then.
 */
final class Witness {
  private static final int NAMES = Numbering.TASKS * Numbering.LIVES;

  /** Events of a task that may be on their way at once; a power of two. */
  private static final int UNDER_WAY = 1024;

  private static final String LIVE_THREAD = "tagwatch-score-";

  /** What it saw, all of one moment. */
  record Seen(
      long emitted,
      long accepted,
      long lost,
      long disorder,
      long scored,
      long again,
      long elsewhere,
      long skipped,
      long strange) {}

  private final long[][] acceptedAt = new long[NAMES][UNDER_WAY];
  private final int[] lives = new int[Numbering.TASKS];
  private final long[] highest = new long[NAMES];
  private final Set<EventSource> open = ConcurrentHashMap.newKeySet();
  private final Map<TransportCounter, LongAdder> closed = new EnumMap<>(TransportCounter.class);
  private final LongAdder accepted = new LongAdder();
  private final LongAdder disorder = new LongAdder();
  private final LongAdder scored = new LongAdder();
  private final LongAdder again = new LongAdder();
  private final LongAdder elsewhere = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder strange = new LongAdder();
  private final LongAccumulator oldestNs = new LongAccumulator(Math::max, 0);

  Witness() {
    Arrays.fill(highest, -1);
    for (TransportCounter counter : TransportCounter.values()) {
      closed.put(counter, new LongAdder());
    }
  }

  // Transports: coordinator and drain.

  void opened(EventSource source) {
    open.add(source);
  }

  /**
   * Keeps the counters of a source that ends; what it had and did not hand over is lost with it.
   *
   * @param handedOver events of it that were accepted, those brought by images not counted
   */
  void closing(EventSource source, long handedOver) {
    if (open.remove(source)) {
      Map<TransportCounter, Long> last = source.counters();
      last.forEach((counter, value) -> closed.get(counter).add(value));
      long recovered = last.getOrDefault(TransportCounter.RECOVERED, 0L);
      long delivered = last.get(TransportCounter.EMITTED) - last.get(TransportCounter.LOST);
      closed.get(TransportCounter.LOST).add(delivered - recovered - handedOver);
    }
  }

  /** A numbered task begins; gives the name that its events carry from now on. */
  int begin(int task) {
    int life = lives[task]++;
    int name = task + Numbering.TASKS * (life % Numbering.LIVES);
    highest[name] = -1;
    return name;
  }

  /** So many events that carry no number were accepted. */
  void accepted(int events) {
    accepted.add(events);
  }

  /** A numbered event was accepted. */
  void accepted(int name, long place, long nowNs) {
    acceptedAt[name][(int) place & (UNDER_WAY - 1)] = nowNs;
    accepted.increment();
  }

  /** A source told of an event that does not follow the one before. */
  void disorder() {
    disorder.increment();
  }

  private long sum(TransportCounter counter) {
    long sum = closed.get(counter).sum();
    for (EventSource source : open) {
      sum += source.counters().getOrDefault(counter, 0L);
    }
    return sum;
  }

  // Scorers: the scoring thread, and whoever scores again beside it.

  /** Rows were scored. */
  void scored(int[] located, int rows) {
    if (!Thread.currentThread().getName().startsWith(LIVE_THREAD)) {
      elsewhere.add(rows);
      return;
    }
    long nowNs = System.nanoTime();
    long oldest = 0;
    int first = 0;
    int repeated = 0;
    for (int row = 0; row < rows; row++) {
      if (located[row] == Numbering.NOWHERE) {
        strange.increment();
        continue;
      }
      int name = located[row] / Numbering.PERIOD;
      long place = absolute(name, located[row] % Numbering.PERIOD);
      if (place <= highest[name]) {
        repeated++;
        continue;
      }
      skipped.add(highest[name] < 0 ? 0 : place - highest[name] - 1);
      highest[name] = place;
      first++;
      oldest = Math.max(oldest, nowNs - acceptedAt[name][(int) place & (UNDER_WAY - 1)]);
    }
    scored.add(first);
    again.add(repeated);
    oldestNs.accumulate(oldest);
  }

  /** The place nearest to the highest of the task. */
  private long absolute(int name, int place) {
    long base = Math.max(0, highest[name]);
    long turn = base - base % Numbering.PERIOD;
    long candidate = turn + place;
    if (candidate - base > Numbering.PERIOD / 2 && turn > 0) {
      return candidate - Numbering.PERIOD;
    }
    return base - candidate > Numbering.PERIOD / 2 ? candidate + Numbering.PERIOD : candidate;
  }

  // Whoever asks.

  /** Age of the oldest event among those scored since the last call, nanoseconds. */
  long oldestNs() {
    return oldestNs.getThenReset();
  }

  Seen seen() {
    return new Seen(
        sum(TransportCounter.EMITTED),
        accepted.sum(),
        sum(TransportCounter.LOST),
        disorder.sum(),
        scored.sum(),
        again.sum(),
        elsewhere.sum(),
        skipped.sum(),
        strange.sum());
  }
}
