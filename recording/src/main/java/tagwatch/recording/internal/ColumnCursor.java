// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link Column} wrote, and nothing beyond its end. */
final class ColumnCursor {
  private final String name;
  private byte[] bytes = {};
  private int at;
  private int end;

  ColumnCursor(String name) {
    this.name = name;
  }

  ColumnCursor wrap(byte[] from, int offset, int length) {
    bytes = from;
    at = offset;
    end = offset + length;
    return this;
  }

  int position() {
    return at;
  }

  int remaining() {
    return end - at;
  }

  int single() throws MalformedException {
    if (at >= end) {
      throw new MalformedException(name + " ends too early");
    }
    return bytes[at++] & 0xff;
  }

  long varint() throws MalformedException {
    int first = single();
    return first < 0x80 ? first : longVarint(first & 0x7f);
  }

  private long longVarint(int low) throws MalformedException {
    long value = low;
    for (int shift = 7; shift < 64; shift += 7) {
      int next = single();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        if (shift == 63 && next > 1) {
          break;
        }
        return value;
      }
    }
    throw new MalformedException(name + " holds a number of more than 64 bits");
  }

  long signed() throws MalformedException {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /** A number that has to lie between 0 and max. */
  int bounded(String field, int max) throws MalformedException {
    long value = varint();
    if (value < 0 || value > max) {
      throw new MalformedException(
          field + " out of range 0.." + max + ": " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  /** A count of things of which each takes at least one byte of this column. */
  int count(String field) throws MalformedException {
    int left = remaining();
    return bounded("count of " + field, left);
  }

  String string(String field) throws MalformedException {
    int length = bounded("length of " + field, Format.MAX_STRING);
    if (length > remaining()) {
      throw new MalformedException(
          field + " ends too early: length=" + length + " remaining=" + remaining());
    }
    at += length;
    return decode(field, at - length, length);
  }

  private String decode(String field, int from, int length) throws MalformedException {
    int ascii = from;
    while (ascii < from + length && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == from + length) {
      // every forked task brings its program's path: a decoder for each would cost more than the
      // events between them
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException(field + " is not UTF-8");
    }
  }

  void expectEnd() throws MalformedException {
    if (at != end) {
      throw new MalformedException(name + " has " + (end - at) + " bytes too many");
    }
  }
}
