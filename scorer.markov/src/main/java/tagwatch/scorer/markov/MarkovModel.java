// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

/**
 * What the file holds: counts, no probabilities. So a model can be audited and learned further, and
 * the same counts give the same bytes on every machine.
 *
 * @param smoothing how the counts become probabilities
 * @param classes 2–32767, the last one for every event that the model does not list
 * @param sequences how many were learned from
 * @param ngrams the counts
 */
record MarkovModel(Smoothing smoothing, int classes, long sequences, Ngrams ngrams) {
  static final int MOST_ORDER = 8;
  static final int MOST_CLASSES = Short.MAX_VALUE;

  /** Events of context. */
  int order() {
    return ngrams.longest() - 1;
  }
}
