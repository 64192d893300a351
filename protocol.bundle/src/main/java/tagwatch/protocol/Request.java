// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What every extended request starts with.
 *
 * <pre>
 *   0         4    5    6     8         12        16                 24
 *   +---------+----+----+-----+---------+---------+------------------+
 *   | magic   | op | ver| tag | 0       | length  | session          |
 *   +---------+----+----+-----+---------+---------+------------------+
 * </pre>
 *
 * A kernel of 2020 reads key, message id, padding, tag and pid here: a wrong key, an unknown id,
 * and nobody's pid.
 *
 * @param <F> the request itself
 */
abstract class Request<F extends Request<F>> extends Flyweight<F> {
  static final int MAGIC = 0;
  static final int OP = MAGIC + Integer.BYTES;
  static final int VERSION = OP + Byte.BYTES;
  static final int TAG = VERSION + Byte.BYTES;
  static final int RESERVED = TAG + Short.BYTES;
  static final int LENGTH = RESERVED + Integer.BYTES;
  static final int SESSION = LENGTH + Integer.BYTES;
  static final int SIZE = SESSION + Long.BYTES;

  private final int size;

  Request(int size) {
    super(size);
    this.size = size;
  }

  /** Starts a request; all fields of its own are 0. */
  F begin(UnsafeBuffer bytes, int op, int tag, long session) {
    return clear(bytes, 0)
        .s32(MAGIC, Protocol.MAGIC)
        .u8(OP, op)
        .u8(VERSION, Protocol.VERSION)
        .u16(TAG, tag)
        .s32(LENGTH, size)
        .s64(SESSION, session);
  }

  int magic() {
    return s32(MAGIC);
  }

  int op() {
    return u8(OP);
  }

  int version() {
    return u8(VERSION);
  }

  int tag() {
    return u16(TAG);
  }

  int length() {
    return s32(LENGTH);
  }

  long session() {
    return s64(SESSION);
  }

  /** A request without fields of its own. */
  static final class Plain extends Request<Plain> {
    Plain() {
      super(Request.SIZE);
    }
  }
}
