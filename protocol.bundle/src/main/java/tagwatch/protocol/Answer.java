// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What every extended message from the kernel starts with.
 *
 * <pre>
 *   0         4    5    6     8         12        16                 24        28        32
 *   +---------+----+----+-----+---------+---------+------------------+---------+---------+
 *   | magic   | op | ver| tag | reason  | length  | session          | detail  | 0       |
 *   +---------+----+----+-----+---------+---------+------------------+---------+---------+
 * </pre>
 *
 * @param <F> the message itself
 */
abstract class Answer<F extends Answer<F>> extends Flyweight<F> {
  static final int MAGIC = 0;
  static final int OP = MAGIC + Integer.BYTES;
  static final int VERSION = OP + Byte.BYTES;
  static final int TAG = VERSION + Byte.BYTES;
  static final int REASON = TAG + Short.BYTES;
  static final int LENGTH = REASON + Integer.BYTES;
  static final int SESSION = LENGTH + Integer.BYTES;
  static final int DETAIL = SESSION + Long.BYTES;
  static final int SIZE = DETAIL + 2 * Integer.BYTES;

  private final int size;

  Answer(int size) {
    super(size);
    this.size = size;
  }

  /** Whether bytes claim to be an extended message. */
  static boolean isExtended(UnsafeBuffer bytes, int at, int available) {
    return available >= SIZE && bytes.getInt(at + MAGIC) == Protocol.MAGIC;
  }

  /** As {@link Flyweight#wrap}; what the message says of its own length has to be true. */
  @Override
  F wrap(UnsafeBuffer bytes, int at, int available) {
    super.wrap(bytes, at, available);
    if (magic() != Protocol.MAGIC) {
      throw new MalformedMessageException("magic is " + Integer.toHexString(magic()));
    }
    int stated = s32(LENGTH);
    if (stated < size || stated > available) {
      throw new MalformedMessageException(
          getClass().getSimpleName() + " states length " + stated + " of " + available);
    }
    return super.wrap(bytes, at, stated);
  }

  /** Starts a message of {@code length} bytes; all fixed fields of its own are 0. */
  F begin(UnsafeBuffer bytes, int op, int tag, long session, int length) {
    bytes.setMemory(0, length, (byte) 0);
    bytes.putInt(MAGIC, Protocol.MAGIC, order());
    bytes.putInt(LENGTH, length, order());
    return wrap(bytes, 0, length)
        .u8(OP, op)
        .u8(VERSION, Protocol.VERSION)
        .u16(TAG, tag)
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

  Reason reason() {
    return Reason.of(s32(REASON));
  }

  F reason(Reason reason) {
    return s32(REASON, reason.number());
  }

  long session() {
    return s64(SESSION);
  }

  int detail() {
    return s32(DETAIL);
  }

  F detail(int detail) {
    return s32(DETAIL, detail);
  }

  /** An answer without fields of its own, and the head of any other. */
  static final class Plain extends Answer<Plain> {
    Plain() {
      super(Answer.SIZE);
    }
  }
}
