// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.util.Arrays;
import tagwatch.scorer.tflite.Refusal.Reason;

/** Shapes and what may be done with them. */
final class Shapes {
  static final int MOST_RANK = 4;

  /** Enough for a window of 127 events of 8,192 classes; a tensor of it takes 4 MB. */
  static final int MOST_ELEMENTS = 1 << 20;

  private Shapes() {}

  /** Number of elements; exact for every shape that {@link #checked} let pass. */
  static long elements(int... shape) {
    long elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    return elements;
  }

  /** The shape if each size and the number of elements is bounded. */
  static int[] checked(int[] shape, String part) {
    require(
        shape.length <= MOST_RANK, Reason.TENSOR, part, shape.length + " axes", "0.." + MOST_RANK);
    long elements = 1;
    for (int size : shape) {
      require(
          size >= 1 && size <= MOST_ELEMENTS,
          Reason.TENSOR,
          part,
          Arrays.toString(shape),
          "sizes 1.." + MOST_ELEMENTS);
      elements *= size;
      require(
          elements <= MOST_ELEMENTS,
          Reason.SIZE,
          part,
          Arrays.toString(shape),
          "at most " + MOST_ELEMENTS + " elements");
    }
    return shape;
  }

  /** The shape with another size in front. */
  static int[] batched(int[] shape, int batch) {
    int[] batched = shape.clone();
    batched[0] = batch;
    return batched;
  }

  /** What reshaping to {@code target} gives, where one size may be -1: the rest. */
  static int[] reshaped(int[] from, int[] target, String part) {
    require(
        target.length >= 1 && target.length <= MOST_RANK,
        Reason.OPTIONS,
        part,
        Arrays.toString(target),
        "1.." + MOST_RANK + " axes");
    int open = -1;
    long known = 1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == -1 && open < 0) {
        open = i;
      } else {
        require(
            target[i] >= 1 && target[i] <= MOST_ELEMENTS,
            Reason.OPTIONS,
            part,
            Arrays.toString(target),
            "sizes 1.." + MOST_ELEMENTS + ", one of them may be -1");
        known *= target[i];
        require(
            known <= (long) MOST_ELEMENTS * MOST_ELEMENTS / target.length,
            Reason.SIZE,
            part,
            Arrays.toString(target),
            MOST_ELEMENTS + " elements");
      }
    }
    int[] result = target.clone();
    long elements = elements(from);
    if (open >= 0) {
      require(
          elements % known == 0,
          Reason.OPTIONS,
          part,
          Arrays.toString(target),
          "a shape for the " + elements + " elements of " + Arrays.toString(from));
      result[open] = (int) (elements / known);
      known *= result[open];
    }
    require(
        known == elements,
        Reason.OPTIONS,
        part,
        Arrays.toString(target),
        "a shape for the " + elements + " elements of " + Arrays.toString(from));
    return result;
  }
}
