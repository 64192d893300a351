// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.util.function.Function;

/**
 * The operators that a network may be made of: those of the 2020 topology as converters of 2020 and
 * later write it. Numbers are those of the schema.
 */
enum OperatorKind {
  /** A bias that the converter did not fold into the operator before it. */
  ADD(0, 11, false, 5, PointwiseRules::add),
  CONV_2D(3, 1, false, 8, ConvolutionRules::convolution),
  /** Weights that the kernels cannot take as INT8 or FLOAT16. */
  DEQUANTIZE(6, 38, true, 6, PointwiseRules::dequantise),
  FULLY_CONNECTED(9, 8, false, 13, DenseRules::dense),
  MAX_POOL_2D(17, 5, false, 3, ConvolutionRules::pooling),
  RELU(19, 0, true, 3, PointwiseRules::sameShape),
  RESHAPE(22, 17, true, 2, ReshapeRules::reshape),
  SOFTMAX(25, 9, false, 3, PointwiseRules::softmax),
  /** One-dimensional convolutions are two-dimensional ones with an axis of 1. */
  SQUEEZE(43, 30, false, 3, ReshapeRules::squeeze),
  EXPAND_DIMS(70, 52, true, 2, ReshapeRules::expand);

  static final int MOST_INPUTS = 3;

  final int code;
  final int optionsType;
  final boolean optionsOptional;
  final int lastVersion;

  /** Checks the operator in its place and gives the shape that it yields. */
  final Function<OperatorCall, int[]> rule;

  OperatorKind(
      int code,
      int optionsType,
      boolean optionsOptional,
      int lastVersion,
      Function<OperatorCall, int[]> rule) {
    this.code = code;
    this.optionsType = optionsType;
    this.optionsOptional = optionsOptional;
    this.lastVersion = lastVersion;
    this.rule = rule;
  }

  /** Null if the operator is not on the list. */
  static OperatorKind of(int code) {
    for (OperatorKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }
}
