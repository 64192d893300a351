// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

/**
 * Numbers of the fields in TensorFlow Lite's schema (tensorflow/lite/schema/schema.fbs, version 3),
 * table by table, and how many of each table are known here.
 */
final class Schema {
  static final int MODEL_VERSION = 0;
  static final int MODEL_OPERATOR_CODES = 1;
  static final int MODEL_SUBGRAPHS = 2;
  static final int MODEL_DESCRIPTION = 3;
  static final int MODEL_BUFFERS = 4;
  static final int MODEL_METADATA_BUFFER = 5;
  static final int MODEL_METADATA = 6;
  static final int MODEL_SIGNATURES = 7;
  static final int MODEL_FIELDS = 8;

  static final int CODE_NARROW = 0;
  static final int CODE_CUSTOM = 1;
  static final int CODE_VERSION = 2;
  static final int CODE_NUMBER = 3;
  static final int CODE_FIELDS = 4;

  static final int SUBGRAPH_TENSORS = 0;
  static final int SUBGRAPH_INPUTS = 1;
  static final int SUBGRAPH_OUTPUTS = 2;
  static final int SUBGRAPH_OPERATORS = 3;
  static final int SUBGRAPH_NAME = 4;
  static final int SUBGRAPH_FIELDS = 5;

  static final int BUFFER_DATA = 0;
  static final int BUFFER_OFFSET = 1;
  static final int BUFFER_SIZE = 2;
  static final int BUFFER_FIELDS = 3;

  static final int METADATA_NAME = 0;
  static final int METADATA_BUFFER = 1;
  static final int METADATA_FIELDS = 2;

  static final int SIGNATURE_INPUTS = 0;
  static final int SIGNATURE_OUTPUTS = 1;
  static final int SIGNATURE_SUBGRAPH = 4;
  static final int SIGNATURE_FIELDS = 5;

  static final int TENSOR_MAP_NAME = 0;
  static final int TENSOR_MAP_INDEX = 1;
  static final int TENSOR_MAP_FIELDS = 2;

  static final int TENSOR_SHAPE = 0;
  static final int TENSOR_TYPE = 1;
  static final int TENSOR_BUFFER = 2;
  static final int TENSOR_NAME = 3;
  static final int TENSOR_QUANTISATION = 4;
  static final int TENSOR_IS_VARIABLE = 5;
  static final int TENSOR_SPARSITY = 6;
  static final int TENSOR_SHAPE_SIGNATURE = 7;
  static final int TENSOR_HAS_RANK = 8;
  static final int TENSOR_VARIANTS = 9;
  static final int TENSOR_FIELDS = 10;

  static final int QUANTISATION_MIN = 0;
  static final int QUANTISATION_MAX = 1;
  static final int QUANTISATION_SCALE = 2;
  static final int QUANTISATION_ZERO = 3;
  static final int QUANTISATION_DETAILS_TYPE = 4;
  static final int QUANTISATION_DETAILS = 5;
  static final int QUANTISATION_AXIS = 6;
  static final int QUANTISATION_FIELDS = 7;

  static final int OPERATOR_CODE = 0;
  static final int OPERATOR_INPUTS = 1;
  static final int OPERATOR_OUTPUTS = 2;
  static final int OPERATOR_OPTIONS_TYPE = 3;
  static final int OPERATOR_OPTIONS = 4;
  static final int OPERATOR_CUSTOM_OPTIONS = 5;
  static final int OPERATOR_CUSTOM_FORMAT = 6;
  static final int OPERATOR_MUTATES = 7;
  static final int OPERATOR_INTERMEDIATES = 8;
  static final int OPERATOR_LARGE_OFFSET = 9;
  static final int OPERATOR_LARGE_SIZE = 10;
  static final int OPERATOR_OPTIONS_2_TYPE = 11;
  static final int OPERATOR_OPTIONS_2 = 12;
  static final int OPERATOR_FIELDS = 13;

  private static final int[] UNUSED_VECTORS = {OPERATOR_CUSTOM_OPTIONS, OPERATOR_INTERMEDIATES};

  private Schema() {}

  /** Vectors of an operator that have to be empty here. */
  static int[] operatorUnusedVectors() {
    return UNUSED_VECTORS.clone();
  }
}
