// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

/** Types of tensors that models here may have; numbers as in TensorFlow Lite's schema. */
enum TensorType {
  FLOAT32(0, Float.BYTES),
  FLOAT16(1, Short.BYTES),
  INT32(2, Integer.BYTES),
  INT8(9, Byte.BYTES);

  final int code;
  final int bytes;

  TensorType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Null if the type is not allowed here. */
  static TensorType of(int code) {
    for (TensorType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
