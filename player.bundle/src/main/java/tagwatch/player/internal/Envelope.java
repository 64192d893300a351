// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tagwatch.player.RehearseReport.Span;

/**
 * The lowest and highest of many scores along a line that may become as long as it likes: when it
 * is full, each two neighbours become one. So no peak is ever lost, and memory does not grow.
 */
final class Envelope {
  private final float[] lowest;
  private final float[] highest;
  private final long[] counts;
  private double width;
  private int used;

  /**
   * Empty.
   *
   * @param capacity most spans; even
   * @param width of the first spans; doubled whenever the line outgrows the capacity
   */
  Envelope(int capacity, double width) {
    this.lowest = new float[capacity];
    this.highest = new float[capacity];
    this.counts = new long[capacity];
    this.width = width;
  }

  /** Adds a score at a place; before the beginning counts as the beginning. */
  void add(double at, float score) {
    while (at >= width * counts.length) {
      halve();
    }
    int span = (int) Math.max(0, at / width);
    if (counts[span]++ == 0) {
      lowest[span] = score;
      highest[span] = score;
    } else {
      lowest[span] = Math.min(lowest[span], score);
      highest[span] = Math.max(highest[span], score);
    }
    used = Math.max(used, span + 1);
  }

  private void halve() {
    for (int span = 0; span < used; span += 2) {
      int both = span / 2;
      boolean first = counts[span] > 0;
      boolean second = span + 1 < used && counts[span + 1] > 0;
      float low = first ? lowest[span] : Float.POSITIVE_INFINITY;
      float high = first ? highest[span] : Float.NEGATIVE_INFINITY;
      lowest[both] = second ? Math.min(low, lowest[span + 1]) : low;
      highest[both] = second ? Math.max(high, highest[span + 1]) : high;
      counts[both] = counts[span] + (second ? counts[span + 1] : 0);
    }
    int half = (used + 1) / 2;
    Arrays.fill(counts, half, used, 0);
    used = half;
    width *= 2;
  }

  /** Those spans that have scores, in order. */
  List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    for (int span = 0; span < used; span++) {
      if (counts[span] > 0) {
        spans.add(
            new Span(span * width, (span + 1) * width, lowest[span], highest[span], counts[span]));
      }
    }
    return spans;
  }
}
