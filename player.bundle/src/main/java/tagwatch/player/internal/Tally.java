// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.List;
import tagwatch.player.RehearseReport.Bin;
import tagwatch.player.RehearseReport.Histogram;

/** Counts scores in bins of one width; what is beyond the last bin counts into it. */
final class Tally {
  private static final double WIDTH = 0.02;

  // Room for 40 nats: more than the surprise of any event, which engines clip to 28.
  private final long[] counts = new long[2000];

  void add(float score) {
    counts[(int) Math.min(counts.length - 1L, (long) (score / WIDTH))]++;
  }

  Histogram histogram() {
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0) {
        bins.add(new Bin(bin, counts[bin]));
      }
    }
    return new Histogram(WIDTH, bins);
  }
}
