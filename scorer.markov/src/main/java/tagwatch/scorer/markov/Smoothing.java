// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How seen n-grams give away probability to those that were not seen. */
enum Smoothing {
  /**
   * Interpolated Witten-Bell: each different event that followed a context counts once more as "and
   * something new" (Witten and Bell, IEEE Trans. Information Theory 37(4), 1991, method C).
   */
  WITTEN_BELL(1, "witten-bell") {
    @Override
    long count(Ngrams ngrams, int node, int length) {
      return ngrams.count(node);
    }

    @Override
    Split split(Ngrams ngrams, int length) {
      return Split.ADD_ONE_PER_KIND;
    }
  },

  /**
   * Interpolated Kneser-Ney with the modified discounts of Chen and Goodman (Harvard TR-10-98).
   * Shorter n-grams count in how many different ways they were preceded instead of how often they
   * were seen; the start of a sequence is one such way.
   */
  KNESER_NEY(2, "kneser-ney") {
    @Override
    long count(Ngrams ngrams, int node, int length) {
      if (length == ngrams.longest()) {
        return ngrams.count(node);
      }
      long predecessors = ngrams.children(node);
      return predecessors + (ngrams.starts(node) > 0 ? 1 : 0);
    }

    @Override
    Split split(Ngrams ngrams, int length) {
      long[] kinds = new long[5];
      for (int node = ngrams.start(length); node < ngrams.end(length); node++) {
        long count = count(ngrams, node, length);
        if (count < kinds.length) {
          kinds[(int) count]++;
        }
      }
      return Discounts.estimate(kinds);
    }
  };

  private final int code;
  private final String label;

  Smoothing(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** What the node counts for. */
  abstract long count(Ngrams ngrams, int node, int length);

  /** How the n-grams of that length share. */
  abstract Split split(Ngrams ngrams, int length);

  /** Its number in the file. */
  int code() {
    return code;
  }

  /** Its name as an option. */
  String label() {
    return label;
  }

  static Optional<Smoothing> ofCode(int code) {
    return Arrays.stream(values()).filter(smoothing -> smoothing.code == code).findFirst();
  }

  static Optional<Smoothing> ofLabel(String label) {
    return Arrays.stream(values()).filter(smoothing -> smoothing.label.equals(label)).findFirst();
  }

  /** For messages. */
  static List<String> labels() {
    return Arrays.stream(values()).map(Smoothing::label).toList();
  }

  /** For messages. */
  static List<String> codes() {
    return Arrays.stream(values()).map(value -> value.code + " " + value.label).toList();
  }
}
