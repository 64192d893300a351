// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.Arrays;

/**
 * Counts n-grams in order of arrival and puts them into the order of {@link Ngrams} at the end, so
 * that nothing of the result depends on the hash table.
 */
final class NgramCounter {
  private static final int NONE = 0;

  private final int longest;
  private final ProbeTable children = new ProbeTable(1024);
  private final int[] nodesOfLength;
  private int[] firstChild = new int[1024];
  private int[] nextSibling = new int[1024];
  private short[] event = new short[1024];
  private long[] count = new long[1024];
  private int nodes = 1;

  NgramCounter(int order) {
    longest = order + 1;
    nodesOfLength = new int[longest + 1];
    nodesOfLength[0] = 1;
  }

  /** Number of events counted. */
  long events() {
    return count[0];
  }

  /** Number of different n-grams so far, the empty one included. */
  int nodes() {
    return nodes;
  }

  /** Number of different n-grams of full length so far. */
  int longestNgrams() {
    return nodesOfLength[longest];
  }

  /** Counts the n-grams of all lengths that end at the position. */
  void add(short[] sequence, int position) {
    int node = 0;
    count[0]++;
    int end = Math.min(longest, position + 1);
    for (int length = 1; length <= end; length++) {
      node = child(node, sequence[position - length + 1], length);
      count[node]++;
    }
  }

  private int child(int parent, short childEvent, int length) {
    long key = BackoffTables.edge(parent, childEvent);
    long found = children.find(key);
    if (found != ProbeTable.MISS) {
      return (int) found;
    }
    if (nodes == count.length) {
      grow();
    }
    int node = nodes++;
    nodesOfLength[length]++;
    event[node] = childEvent;
    nextSibling[node] = firstChild[parent];
    firstChild[parent] = node;
    children.put(key, node);
    return node;
  }

  private void grow() {
    int capacity = count.length * 2;
    firstChild = Arrays.copyOf(firstChild, capacity);
    nextSibling = Arrays.copyOf(nextSibling, capacity);
    event = Arrays.copyOf(event, capacity);
    count = Arrays.copyOf(count, capacity);
  }

  /** What was counted. */
  Ngrams ngrams() {
    int[] levelStarts = new int[longest + 2];
    for (int length = 0; length <= longest; length++) {
      levelStarts[length + 1] = levelStarts[length] + nodesOfLength[length];
    }
    int[] byRank = new int[nodes];
    int[] firstChildren = new int[nodes + 1];
    short[] events = new short[nodes];
    long[] counts = new long[nodes];
    int ranked = 1;
    for (int rank = 0; rank < nodes; rank++) {
      int node = byRank[rank];
      events[rank] = event[node];
      counts[rank] = count[node];
      firstChildren[rank] = ranked;
      int first = ranked;
      for (int child = firstChild[node]; child != NONE; child = nextSibling[child]) {
        byRank[ranked++] = child;
      }
      sortByEvent(byRank, first, ranked);
    }
    firstChildren[nodes] = nodes;
    return new Ngrams(levelStarts, firstChildren, events, counts);
  }

  private void sortByEvent(int[] byRank, int from, int to) {
    long[] keyed = new long[to - from];
    for (int i = from; i < to; i++) {
      keyed[i - from] = ((long) event[byRank[i]] << Integer.SIZE) | byRank[i];
    }
    Arrays.sort(keyed);
    for (int i = from; i < to; i++) {
      byRank[i] = (int) keyed[i - from];
    }
  }
}
