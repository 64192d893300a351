// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.Arrays;

/**
 * Turns counts into back-off form: for each seen n-gram its interpolated probability, for each seen
 * context the weight that its shorter context gets. An unseen n-gram has the probability of its
 * longest seen tail times the weights of the longer contexts: exactly what interpolation gives it.
 */
final class BackoffCompiler {
  private final MarkovModel model;
  private final Ngrams ngrams;
  private final int bits;
  private final int jumpLength;
  private final ProbeTable jumps;
  private final ProbeTable edges;
  private final ProbeTable contexts;
  private final int[] contextOf;
  private final long[] packed;
  private final double[] probability;
  private int contextCount = 1;
  private long emptyBackoff;

  private BackoffCompiler(MarkovModel model) {
    this.model = model;
    ngrams = model.ngrams();
    bits = BackoffTables.bits(model.classes());
    jumpLength = BackoffTables.jumpLength(model.classes(), model.order());
    int jumping = ngrams.end(jumpLength) - ngrams.start(jumpLength);
    jumps = new ProbeTable(jumping);
    edges = new ProbeTable(ngrams.nodes() - jumping);
    contexts = new ProbeTable(0);
    contextOf = new int[ngrams.nodes()];
    packed = new long[ngrams.nodes()];
    probability = new double[ngrams.nodes()];
  }

  static BackoffTables compile(MarkovModel model) {
    return new BackoffCompiler(model).tables();
  }

  private BackoffTables tables() {
    double uniform = 1.0 / model.classes();
    probability[0] = uniform;
    for (int length = 1; length <= ngrams.longest(); length++) {
      level(length);
    }
    return new BackoffTables(
        model.order(),
        model.classes(),
        bits,
        jumpLength,
        jumps,
        edges,
        contexts,
        BackoffTables.units(uniform),
        emptyBackoff);
  }

  private void level(int length) {
    int firstContext = length == 1 ? 0 : contextCount;
    long[] keys = findContexts(length);
    Split split = model.smoothing().split(ngrams, length);
    double[] pot = new double[keys.length];
    double[] total = new double[keys.length];
    for (int node = ngrams.start(length); node < ngrams.end(length); node++) {
      long count = model.smoothing().count(ngrams, node, length);
      int context = contextOf[node] - firstContext;
      pot[context] += split.reserved(count);
      total[context] += split.kept(count) + split.reserved(count);
    }
    for (int parent = ngrams.start(length - 1); parent < ngrams.end(length - 1); parent++) {
      for (int node = ngrams.firstChild(parent); node < ngrams.childrenEnd(parent); node++) {
        long count = model.smoothing().count(ngrams, node, length);
        int context = contextOf[node] - firstContext;
        probability[node] =
            (split.kept(count) + pot[context] * probability[parent]) / total[context];
        store(parent, node, length);
      }
    }
    for (int context = 0; context < keys.length; context++) {
      long backoff = BackoffTables.units(pot[context] / total[context]);
      if (length == 1) {
        emptyBackoff = backoff;
      } else {
        contexts.put(keys[context], BackoffTables.value(firstContext + context, backoff));
      }
    }
  }

  /** Numbers the contexts of the level's n-grams and gives the keys of the new ones. */
  private long[] findContexts(int length) {
    if (length == 1) {
      return new long[1];
    }
    int firstContext = contextCount;
    long[] keys = new long[ngrams.end(length) - ngrams.start(length)];
    for (int parent = ngrams.start(length - 1); parent < ngrams.end(length - 1); parent++) {
      for (int node = ngrams.firstChild(parent); node < ngrams.childrenEnd(parent); node++) {
        long key = BackoffTables.edge(contextOf[parent], ngrams.event(node));
        long found = contexts.find(key);
        if (found == ProbeTable.MISS) {
          keys[contextCount - firstContext] = key;
          found = BackoffTables.value(contextCount++, 0);
          contexts.put(key, found);
        }
        contextOf[node] = BackoffTables.node(found);
      }
    }
    return Arrays.copyOf(keys, contextCount - firstContext);
  }

  private void store(int parent, int node, int length) {
    long value = BackoffTables.value(node, BackoffTables.units(probability[node]));
    if (length <= jumpLength) {
      packed[node] = packed[parent] | ((long) ngrams.event(node) << (bits * (length - 1)));
    }
    if (length == jumpLength) {
      jumps.put(packed[node], value);
    } else {
      edges.put(BackoffTables.edge(parent, ngrams.event(node)), value);
    }
  }
}
