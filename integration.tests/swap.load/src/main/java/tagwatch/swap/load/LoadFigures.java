// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tagwatch.player.Accounting;

/**
 * What a load showed. The player's own accounting and what the witness saw are told apart.
 *
 * @param emitted by the sources
 * @param accepted by the player, as the witness saw it
 * @param lost emitted, never accepted
 * @param disorder events that came twice or out of order from a source
 * @param accounting the player's
 * @param scoredOnce events that the witness saw scored for the first time
 * @param strange rows on the scoring thread that were no piece of a task
 * @param swaps by kind
 * @param lostBy events lost while something of a kind was swapped
 * @param pausesUs longest age of an unscored event during each swap, by way, sorted
 * @param controlUs the same without a swap, sorted
 * @param retired class loaders that should be gone
 * @param held those of them that are not, by bundle
 * @param growth of the process between the first tenth of the scorer swaps and the end
 */
public record LoadFigures(
    long emitted,
    long accepted,
    long lost,
    long disorder,
    Accounting accounting,
    long scoredOnce,
    long strange,
    Map<String, Integer> swaps,
    Map<String, Long> lostBy,
    Map<String, List<Double>> pausesUs,
    List<Double> controlUs,
    int retired,
    List<String> held,
    Footprint growth) {

  static LoadFigures of(
      boolean numbered,
      Campaign.Outcome outcome,
      Accounting accounting,
      Witness.Seen seen,
      int retired,
      List<String> held) {
    Map<String, Integer> swaps = new TreeMap<>();
    outcome.swaps().forEach((kind, count) -> swaps.put(label(kind), count));
    Map<String, Long> lostBy = new TreeMap<>();
    outcome.lost().forEach((kind, count) -> lostBy.put(label(kind), count));
    Map<String, List<Double>> pauses = new TreeMap<>();
    outcome.pausesNs().forEach((way, nanos) -> pauses.put(way, micros(nanos)));
    return new LoadFigures(
        seen.emitted(),
        seen.accepted(),
        seen.lost(),
        seen.disorder(),
        accounting,
        // events without numbers cannot be told apart in a row: each accepted one is settled once
        numbered ? seen.scored() : seen.accepted() - seen.disorder() - accounting.unknownTotal(),
        numbered ? seen.strange() : 0,
        swaps,
        lostBy,
        pauses,
        micros(outcome.controlNs()),
        retired,
        held,
        outcome.late().since(outcome.early()));
  }

  /** Events that the player says it scored, beyond those that the witness saw scored once. */
  public long twice() {
    return Math.max(0, accounting.scored() - scoredOnce);
  }

  /** Several lines for a person: the counts first, then the pauses of each way. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "emitted %,d, accepted %,d, lost %,d %s, out of order %,d%n"
                + "delivered %,d, scored %,d, unknown %s, waiting %,d, rescored %,d%n"
                + "scored once as seen from outside %,d, twice %,d, strange rows %,d%n"
                + "swaps %s, class loaders retired %,d, still held %s, growth %s%n",
            emitted,
            accepted,
            lost,
            lostBy,
            disorder,
            accounting.delivered(),
            accounting.scored(),
            accounting.unknown(),
            accounting.waiting(),
            accounting.rescored(),
            scoredOnce,
            twice(),
            strange,
            swaps,
            retired,
            held,
            growth));
    pausesUs.forEach((way, ages) -> text.append(line(way, ages)));
    return text.append(line("no swap", controlUs)).toString();
  }

  private static String line(String way, List<Double> ages) {
    return String.format(
        Locale.ROOT,
        "  oldest unscored event, %-34s p50 %,10.0f us  p99 %,10.0f us  max %,10.0f us  (%d)%n",
        way,
        percentile(ages, 0.5),
        percentile(ages, 0.99),
        percentile(ages, 1),
        ages.size());
  }

  /** Longest ages of all swaps, sorted. */
  public List<Double> allPausesUs() {
    List<Double> all = new ArrayList<>();
    pausesUs.values().forEach(all::addAll);
    Collections.sort(all);
    return all;
  }

  /** Nearest rank: the smallest value that the given share (0 to 1) does not exceed. */
  public static double percentile(List<Double> sorted, double share) {
    return sorted.isEmpty()
        ? 0
        : sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
  }

  private static List<Double> micros(List<Long> nanos) {
    return nanos.stream().map(value -> value / 1e3).sorted().toList();
  }

  private static String label(Campaign.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
