// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gives the surprise of an observed next event. Stateless between calls, which is why it can be
 * swapped at any moment. One thread at a time calls it: while it is in service the scoring thread
 * of the tag, which also closes it.
 */
@ConsumerType
public interface Scorer extends AutoCloseable {
  /**
   * Scores rows. A row is a window, oldest first, followed by the observed next event: {@code
   * window + 1} classes of the model, each from 0 to {@code classes - 1}; rows lie one behind the
   * other.
   *
   * @param classes at least {@code rows * (window + 1)} classes
   * @param rows number of rows, at least 1
   * @param surprise receives {@code -ln p} of each row's last class in nats: finite, not negative.
   *     Anything else (NaN above all) withdraws the scorer; it never passes as normal.
   */
  void score(short[] classes, int rows, float[] surprise);

  /** Frees what the scorer holds; it is not called again. */
  @Override
  void close();
}
