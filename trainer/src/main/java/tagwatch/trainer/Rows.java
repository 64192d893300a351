// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tagwatch.scorer.Corpus;

/**
 * Windows of a corpus, each with the event that came next, one behind the other. Rows that occur
 * several times stand once, with their number: what repeats in a server's life is most of it.
 *
 * <p>Immutable.
 */
final class Rows {
  private final int window;
  private final short[] classes;
  private final int[] counts;
  private final long total;

  private Rows(int window, short[] classes, int[] counts) {
    this.window = window;
    this.classes = classes;
    this.counts = counts;
    this.total = Arrays.stream(counts).asLongStream().sum();
  }

  /** Those rows whose next event is to be learned, from sequences that are held out or are not. */
  static Rows of(Corpus corpus, int window, boolean heldOut) {
    Map<Row, int[]> numbers = new HashMap<>();
    List<Row> distinct = new ArrayList<>();
    for (int s = 0; s < corpus.sequences(); s++) {
      if (corpus.heldOut(s) != heldOut) {
        continue;
      }
      short[] events = corpus.sequence(s);
      for (int next = Math.max(corpus.from(s), window); next < events.length; next++) {
        Row row = new Row(events, next - window, window + 1);
        int[] number = numbers.get(row);
        if (number == null) {
          number = new int[1];
          numbers.put(row, number);
          distinct.add(row);
        }
        number[0]++;
      }
    }
    short[] classes = new short[distinct.size() * (window + 1)];
    int[] counts = new int[distinct.size()];
    for (int i = 0; i < counts.length; i++) {
      Row row = distinct.get(i);
      System.arraycopy(row.events, row.from, classes, i * (window + 1), window + 1);
      counts[i] = numbers.get(row)[0];
    }
    return new Rows(window, classes, counts);
  }

  /** A row where it stands in its sequence. */
  private static final class Row {
    private final short[] events;
    private final int from;
    private final int length;
    private final int hash;

    Row(short[] events, int from, int length) {
      this.events = events;
      this.from = from;
      this.length = length;
      int sum = 1;
      for (int i = from; i < from + length; i++) {
        sum = 31 * sum + events[i];
      }
      this.hash = sum;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Row that
          && Arrays.equals(
              events, from, from + length, that.events, that.from, that.from + that.length);
    }
  }

  int window() {
    return window;
  }

  /** Number of distinct rows. */
  int distinct() {
    return counts.length;
  }

  /** Number of rows with all repetitions. */
  long total() {
    return total;
  }

  /** How often a row occurs. */
  int count(int row) {
    return counts[row];
  }

  /** Row after row: the window, then the next event; not to be changed. */
  short[] classes() {
    return classes;
  }

  /**
   * The rows of one pass in an order that the random numbers decide. A row that occurs often stands
   * there less often, with more weight: its repetitions tell a step nothing, and take the time.
   *
   * @param most occurrences that one entry stands for
   */
  Pass pass(SplittableRandom random, int most) {
    int length = 0;
    for (int count : counts) {
      length += ceilDiv(count, most);
    }
    int[] order = new int[length];
    int at = 0;
    for (int row = 0; row < counts.length; row++) {
      int entries = ceilDiv(counts[row], most);
      Arrays.fill(order, at, at + entries, row);
      at += entries;
    }
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      int count = counts[order[i]];
      weights[i] = (float) ((double) count / ceilDiv(count, most) * length / total);
    }
    return new Pass(order, weights);
  }

  private static int ceilDiv(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  /**
   * Rows of one pass.
   *
   * @param order numbers of rows
   * @param weights of each, 1 on average
   */
  // handed out as they are, never compared
  @SuppressWarnings("ArrayRecordComponent")
  record Pass(int[] order, float[] weights) {}
}
