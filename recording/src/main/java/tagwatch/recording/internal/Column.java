// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of one kind, collected apart: like beside like is what deflate compresses best. */
final class Column {
  private static final int LONGEST_VARINT = 10;

  private byte[] bytes;
  private int length;

  Column(int capacity) {
    bytes = new byte[capacity];
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  void single(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  /** LEB128; the value counts as unsigned. */
  void varint(long value) {
    reserve(LONGEST_VARINT);
    byte[] to = bytes;
    int at = length;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      to[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[at++] = (byte) rest;
    length = at;
  }

  void signed(long value) {
    varint(zigzag(value));
  }

  void string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > Format.MAX_STRING) {
      throw new IllegalArgumentException(
          "string too long for a recording: bytes=" + utf8.length + " max=" + Format.MAX_STRING);
    }
    varint(utf8.length);
    append(utf8, utf8.length);
  }

  void append(Column other) {
    append(other.bytes, other.length);
  }

  private void append(byte[] from, int count) {
    reserve(count);
    System.arraycopy(from, 0, bytes, length, count);
    length += count;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }

  static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }
}
