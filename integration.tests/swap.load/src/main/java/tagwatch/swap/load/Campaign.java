// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Swaps of all kinds in turn, while events stream, and what the witness saw during each. */
final class Campaign {
  /** What is replaced. */
  enum Kind {
    SCORER,
    MODEL,
    POLICY,
    TRANSPORT
  }

  /** One way to replace something. */
  interface Way {
    void swap() throws Exception;
  }

  private record Named(Kind kind, String name, Way way) {}

  /**
   * What came of it.
   *
   * @param swaps done, by kind
   * @param lost events, by kind of the swap during which they were lost
   * @param pausesNs longest age of an unscored event during each swap, by way
   * @param controlNs the same for as long without a swap
   * @param early what the process held after the first tenth of the scorer swaps
   * @param late what it held at the end
   */
  record Outcome(
      Map<Kind, Integer> swaps,
      Map<Kind, Long> lost,
      Map<String, List<Long>> pausesNs,
      List<Long> controlNs,
      Footprint early,
      Footprint late) {}

  /** After a swap: time for what waited meanwhile to be scored. */
  private static final long CALM_MS = 3;

  private final Witness witness;
  private final Map<Kind, List<Named>> ways = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> wanted = new EnumMap<>(Kind.class);
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private final Map<Kind, Long> lost = new EnumMap<>(Kind.class);
  private final Map<String, List<Long>> pauses = new TreeMap<>();
  private final List<Long> control = new ArrayList<>();

  Campaign(Witness witness) {
    this.witness = witness;
  }

  /** A way that is taken in turn with the others of its kind. */
  Campaign with(Kind kind, String name, Way way) {
    ways.computeIfAbsent(kind, absent -> new ArrayList<>()).add(new Named(kind, name, way));
    return this;
  }

  Campaign wanting(Kind kind, int swaps) {
    wanted.put(kind, swaps);
    return this;
  }

  /**
   * Does all the swaps, evenly mixed.
   *
   * @param lasting nanoseconds that it takes at least
   * @param told told how many swaps are done
   */
  Outcome run(long lasting, Consumer<Integer> told) throws Exception {
    int total = wanted.values().stream().mapToInt(Integer::intValue).sum();
    long begin = System.nanoTime();
    Footprint early = null;
    for (int turn = 0; turn < total; turn++) {
      Kind kind = next();
      List<Named> known = ways.get(kind);
      swap(known.get(done.getOrDefault(kind, 0) % known.size()));
      if (early == null && done.getOrDefault(Kind.SCORER, 0) * 10 >= wanted.get(Kind.SCORER)) {
        early = Footprint.measure();
      }
      told.accept(turn + 1);
      long due = begin + lasting / total * (turn + 1);
      while (System.nanoTime() < due) {
        Thread.sleep(1);
      }
    }
    return new Outcome(
        new EnumMap<>(done),
        new EnumMap<>(lost),
        new HashMap<>(pauses),
        List.copyOf(control),
        early,
        Footprint.measure());
  }

  /** The kind that is furthest behind its share. */
  private Kind next() {
    Kind next = null;
    double furthest = Double.MAX_VALUE;
    for (Map.Entry<Kind, Integer> entry : wanted.entrySet()) {
      double share = (double) done.getOrDefault(entry.getKey(), 0) / entry.getValue();
      if (share < furthest) {
        furthest = share;
        next = entry.getKey();
      }
    }
    return next;
  }

  private void swap(Named named) throws Exception {
    witness.oldestNs();
    long lostBefore = witness.seen().lost();
    long begin = System.nanoTime();
    named.way.swap();
    Thread.sleep(CALM_MS);
    long took = System.nanoTime() - begin;
    pauses.computeIfAbsent(label(named), absent -> new ArrayList<>()).add(witness.oldestNs());
    lost.merge(named.kind, witness.seen().lost() - lostBefore, Long::sum);
    done.merge(named.kind, 1, Integer::sum);
    Thread.sleep(took / 1_000_000, (int) (took % 1_000_000));
    control.add(witness.oldestNs());
  }

  private static String label(Named named) {
    return named.kind.name().toLowerCase(java.util.Locale.ROOT) + " " + named.name;
  }
}
