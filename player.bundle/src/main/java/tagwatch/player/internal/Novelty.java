// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tagwatch.scorer.Corpus;

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

  static Novelty of(Corpus corpus, int window) {
    long total = 0;
    for (int i = 0; i < corpus.sequences(); i++) {
      total += corpus.sequence(i).length - corpus.from(i);
    }
    long[] events = new long[PARTS];
    long[] fresh = new long[PARTS];
    Set<Long> seen = new HashSet<>();
    long done = 0;
    for (int i = 0; i < corpus.sequences(); i++) {
      short[] sequence = corpus.sequence(i);
      for (int at = corpus.from(i); at < sequence.length; at++) {
        int part = (int) (done++ * PARTS / total);
        events[part]++;
        if (at >= window && seen.add(hash(sequence, at - window, at))) {
          fresh[part]++;
        }
      }
    }
    List<Double> perThousand = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      perThousand.add(events[part] == 0 ? 0 : 1000.0 * fresh[part] / events[part]);
    }
    return new Novelty(perThousand);
  }

  private static long hash(short[] sequence, int from, int to) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i <= to; i++) {
      hash = (hash ^ sequence[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  boolean saturated() {
    return perThousand.get(PARTS - 1) <= SATURATED && perThousand.get(PARTS - 2) <= SATURATED;
  }
}
