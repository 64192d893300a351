// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tagwatch.player.SwapStatus;

/** The swaps of a tag. Any thread may call. */
final class SwapLog {
  /** What is exchanged. */
  enum Kind {
    SCORER,
    MODEL,
    POLICY,
    TRANSPORT;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int KEPT = 1000;

  private record Entry(SwapStatus status, Pause pause) {
    SwapStatus now() {
      return new SwapStatus(
          status.number(),
          status.kind(),
          status.from(),
          status.to(),
          status.wallClockMs(),
          status.preparationMs(),
          status.rounds(),
          pause.micros(),
          status.rescored());
    }
  }

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
  private long number;

  /** A swap was done; its pause may not be over yet. */
  synchronized void add(
      Kind kind, String from, String to, long tookNs, int rounds, long rescored, Pause pause) {
    counts.merge(kind, 1L, Long::sum);
    entries.addLast(
        new Entry(
            new SwapStatus(
                ++number,
                kind.label(),
                from,
                to,
                System.currentTimeMillis(),
                tookNs / 1_000_000,
                rounds,
                -1,
                rescored),
            pause));
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
  }

  /** How many there were, by kind. */
  synchronized Map<String, Long> counts() {
    Map<String, Long> counted = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      counted.put(kind.label(), counts.getOrDefault(kind, 0L));
    }
    return counted;
  }

  synchronized List<SwapStatus> all() {
    List<SwapStatus> all = new ArrayList<>(entries.size());
    entries.forEach(entry -> all.add(entry.now()));
    return all;
  }

  /** The last one of a scorer or a model. */
  synchronized Optional<SwapStatus> last() {
    return entries.stream()
        .filter(it -> !it.status.kind().equals(Kind.POLICY.label()))
        .filter(it -> !it.status.kind().equals(Kind.TRANSPORT.label()))
        .reduce((one, next) -> next)
        .map(Entry::now);
  }
}
