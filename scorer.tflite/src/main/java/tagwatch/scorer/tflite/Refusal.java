// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.util.Locale;

/** A model is not to be opened; unchecked, since every look into a hostile file may end here. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of thing is wrong; campaigns count by it. */
  public enum Reason {
    /** An offset, length or table does not lie where the file says. */
    STRUCTURE,
    /** Too many of something, or too large. */
    SIZE,
    /** A part of the format that no model here needs, e.g. a second subgraph. */
    FEATURE,
    /** A tensor's type, shape, or its place in memory. */
    TENSOR,
    /** Constant contents: too short, misaligned, not finite. */
    BUFFER,
    /** Scales and zero points. */
    QUANTISATION,
    /** An operator that is not on the list, or another version of it. */
    OPERATOR,
    /** An operator's options. */
    OPTIONS,
    /** An operator's inputs: number, order, type, shape. */
    INPUTS,
    /** What an operator yields is not what the file says. */
    OUTPUT_SHAPE,
    /** The graph's ends do not fit window and classes. */
    ENDS,
    /** TensorFlow Lite's own verifier. */
    VERIFIER,
    /** TensorFlow Lite could not make an interpreter of it. */
    INTERPRETER,
    /** The first inference gave something that is no distribution. */
    FIRST_RUN;

    /** As in reports, e.g. {@code output-shape}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  Refusal(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The kind. */
  public Reason reason() {
    return reason;
  }

  /**
   * Throws unless it holds.
   *
   * @param part of the model, e.g. {@code tensor 4 'conv1d/kernel': shape}
   */
  static void require(boolean holds, Reason reason, String part, Object found, Object allowed) {
    if (!holds) {
      throw new Refusal(reason, part + ": found " + found + ", allowed: " + allowed);
    }
  }
}
