// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The definitions of interpolated smoothing, written down as they stand in the literature and as
 * slowly: lists as keys, a recursion over the context, nothing shared with the engine.
 */
final class Textbook {
  private static final int START = -1;

  private final Sequences corpus;
  private final int order;
  private final boolean kneserNey;
  private final Map<List<Integer>, Integer> occurrences = new HashMap<>();
  private final Map<List<Integer>, Set<Integer>> predecessors = new HashMap<>();
  private final Map<List<Integer>, Map<Integer, Integer>> followers = new HashMap<>();
  private final Map<Integer, double[]> discounts = new HashMap<>();

  Textbook(Sequences corpus, int order, boolean kneserNey) {
    this.corpus = corpus;
    this.order = order;
    this.kneserNey = kneserNey;
    for (int s = 0; s < corpus.sequences(); s++) {
      List<Integer> sequence = new ArrayList<>();
      for (short event : corpus.sequence(s)) {
        sequence.add((int) event);
      }
      for (int t = corpus.from(s); t < sequence.size(); t++) {
        for (int k = 0; k <= order && k <= t; k++) {
          List<Integer> ngram = List.copyOf(sequence.subList(t - k, t + 1));
          occurrences.merge(ngram, 1, Integer::sum);
          predecessors
              .computeIfAbsent(ngram, key -> new HashSet<>())
              .add(t - k == 0 ? START : sequence.get(t - k - 1));
        }
      }
    }
    for (List<Integer> ngram : occurrences.keySet()) {
      followers
          .computeIfAbsent(ngram.subList(0, ngram.size() - 1), key -> new HashMap<>())
          .put(ngram.get(ngram.size() - 1), count(ngram));
    }
    for (int length = 1; length <= order + 1; length++) {
      discounts.put(length, discountsOf(length));
    }
  }

  private int count(List<Integer> ngram) {
    return kneserNey && ngram.size() <= order
        ? predecessors.get(ngram).size()
        : occurrences.get(ngram);
  }

  private double[] discountsOf(int length) {
    double[] n = new double[5];
    for (List<Integer> ngram : occurrences.keySet()) {
      if (ngram.size() == length && count(ngram) <= 4) {
        n[count(ngram)]++;
      }
    }
    if (n[1] == 0 || n[2] == 0) {
      return new double[] {0, 0.5, 0.5, 0.5};
    }
    double y = n[1] / (n[1] + 2 * n[2]);
    double[] modified = {
      0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]
    };
    boolean good = n[3] > 0 && n[4] > 0 && modified[1] > 0 && modified[2] > 0 && modified[3] > 0;
    return good ? modified : new double[] {0, y, y, y};
  }

  /** The probability of an event after the last events of the context. */
  double probability(List<Integer> context, int event) {
    return p(context.subList(context.size() - order, context.size()), event);
  }

  private double p(List<Integer> h, int w) {
    double shorter = h.isEmpty() ? 1.0 / corpus.classes() : p(h.subList(1, h.size()), w);
    Map<Integer, Integer> after = followers.get(h);
    if (after == null) {
      return shorter;
    }
    double c = after.getOrDefault(w, 0);
    double total = after.values().stream().mapToInt(Integer::intValue).sum();
    if (!kneserNey) {
      return (c + after.size() * shorter) / (total + after.size());
    }
    double[] discount = discounts.get(h.size() + 1);
    double gamma = 0;
    for (int each : after.values()) {
      gamma += discount[Math.min(each, 3)] / total;
    }
    return (c - discount[(int) Math.min(c, 3)]) / total + gamma * shorter;
  }
}
