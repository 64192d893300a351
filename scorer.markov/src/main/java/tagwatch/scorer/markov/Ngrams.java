// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.Arrays;

/**
 * How often each n-gram was seen: a trie that reads backwards, from the last event of the n-gram to
 * its oldest. So the parent of a node is the same next event after a context shorter by its oldest
 * event, which is what smoothing falls back on.
 *
 * <p>Nodes are numbered level by level, within a level by parent, within a parent by event; node 0
 * is the empty n-gram. The form is unique: equal counts give equal arrays. Immutable.
 */
final class Ngrams {
  /** A limit for learner and file, far above what a useful model has. */
  static final int MOST = 1 << 24;

  private final int[] levelStarts;
  private final int[] firstChildren;
  private final short[] events;
  private final long[] counts;

  /**
   * Takes over the arrays.
   *
   * @param levelStarts first node of each length from 0 on, then the number of nodes
   * @param firstChildren of each node, then the number of nodes
   * @param events the oldest event of each node's n-gram
   * @param counts occurrences of each node's n-gram; of node 0 all learned events
   */
  Ngrams(int[] levelStarts, int[] firstChildren, short[] events, long[] counts) {
    this.levelStarts = levelStarts;
    this.firstChildren = firstChildren;
    this.events = events;
    this.counts = counts;
  }

  /** Length of the longest n-grams: the order and the next event. */
  int longest() {
    return levelStarts.length - 2;
  }

  /** Number of nodes, the root included. */
  int nodes() {
    return counts.length;
  }

  /** First node of the n-grams of that length. */
  int start(int length) {
    return levelStarts[length];
  }

  /** One behind the last node of the n-grams of that length. */
  int end(int length) {
    return levelStarts[length + 1];
  }

  int firstChild(int node) {
    return firstChildren[node];
  }

  /** One behind the last child. */
  int childrenEnd(int node) {
    return firstChildren[node + 1];
  }

  /** Number of different events seen before the node's n-gram. */
  int children(int node) {
    return childrenEnd(node) - firstChild(node);
  }

  int event(int node) {
    return events[node];
  }

  long count(int node) {
    return counts[node];
  }

  /**
   * Occurrences with nothing before them, at the very start of a sequence; shorter n-grams only.
   */
  long starts(int node) {
    long starts = counts[node];
    for (int child = firstChild(node); child < childrenEnd(node); child++) {
      starts -= counts[child];
    }
    return starts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ngrams that
        && Arrays.equals(levelStarts, that.levelStarts)
        && Arrays.equals(firstChildren, that.firstChildren)
        && Arrays.equals(events, that.events)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts) * 31 + Arrays.hashCode(events);
  }
}
