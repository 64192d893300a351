// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

/**
 * Divides the count of a seen n-gram into what it keeps and what goes into the pot that its context
 * shares out after the shorter context's distribution:
 *
 * <pre>
 *   p(w|h) = (kept(hw) + pot(h) p(w|h')) / total(h)
 *   pot(h) = sum of reserved(hv)
 *   total(h) = sum of kept(hv) + reserved(hv), both over all v seen after h
 * </pre>
 */
interface Split {
  /** Witten-Bell. */
  Split ADD_ONE_PER_KIND =
      new Split() {
        @Override
        public double kept(long count) {
          return count;
        }

        @Override
        public double reserved(long count) {
          return 1;
        }
      };

  double kept(long count);

  /** Always positive: else an event never seen after the context would have no probability. */
  double reserved(long count);
}
