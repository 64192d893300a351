// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A structure of {@code kernel/uapi/tagwatch_netlink.h} laid over bytes; nothing is copied. Reading
 * never leaves the bytes it was laid over: {@link #wrap} checks that the fixed part is there, and
 * counts that lead further are checked where they are read.
 *
 * @param <F> the flyweight itself
 */
abstract class Flyweight<F extends Flyweight<F>> {
  private final int size;
  private UnsafeBuffer buffer;
  private int offset;
  private int length;
  private ByteOrder order = ByteOrder.nativeOrder();

  Flyweight(int size) {
    this.size = size;
  }

  /** The other side's byte order, for captures of another machine; the native one by default. */
  F order(ByteOrder next) {
    order = next;
    return self();
  }

  /** Lays it over {@code length} bytes; {@link MalformedMessageException} if they are too few. */
  F wrap(UnsafeBuffer bytes, int at, int available) {
    if (available < size) {
      throw tooShort(size, available);
    }
    buffer = bytes;
    offset = at;
    length = available;
    return self();
  }

  /** Lays it over bytes to be written, all zero. */
  F clear(UnsafeBuffer bytes, int at) {
    bytes.setMemory(at, size, (byte) 0);
    return wrap(bytes, at, size);
  }

  @SuppressWarnings("unchecked")
  private F self() {
    return (F) this;
  }

  final MalformedMessageException tooShort(long needed, int available) {
    return new MalformedMessageException(
        getClass().getSimpleName() + " needs " + needed + " bytes, has " + available);
  }

  final void require(long needed) {
    if (needed > length) {
      throw tooShort(needed, length);
    }
  }

  final UnsafeBuffer buffer() {
    return buffer;
  }

  final int offset() {
    return offset;
  }

  /** Bytes that it was laid over. */
  final int available() {
    return length;
  }

  final ByteOrder order() {
    return order;
  }

  final int u8(int at) {
    return buffer.getByte(offset + at) & 0xff;
  }

  final int u16(int at) {
    return buffer.getShort(offset + at, order) & 0xffff;
  }

  final int s32(int at) {
    return buffer.getInt(offset + at, order);
  }

  final long s64(int at) {
    return buffer.getLong(offset + at, order);
  }

  /** Text that ends with a zero byte, or at the end of its room. */
  final String text(int at, int room) {
    int end = 0;
    while (end < room && buffer.getByte(offset + at + end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end];
    buffer.getBytes(offset + at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  final F u8(int at, int value) {
    buffer.putByte(offset + at, (byte) value);
    return self();
  }

  final F u16(int at, int value) {
    buffer.putShort(offset + at, (short) value, order);
    return self();
  }

  final F s32(int at, int value) {
    buffer.putInt(offset + at, value, order);
    return self();
  }

  final F s64(int at, long value) {
    buffer.putLong(offset + at, value, order);
    return self();
  }

  /** Cut so that a zero byte always ends it. */
  final F text(int at, int room, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    buffer.setMemory(offset + at, room, (byte) 0);
    buffer.putBytes(offset + at, bytes, 0, Math.min(bytes.length, room - 1));
    return self();
  }
}
