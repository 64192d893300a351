// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import static tagwatch.scorer.tflite.Refusal.require;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * A FlatBuffers table in a file that nobody vouches for: every offset is held against the bytes
 * that are there. Generated accessors would do for a good file; here each step has to be bounded,
 * and fields that the schema of the day does not know have to be noticed.
 *
 * <pre>
 *  table:   int32 distance back to its vtable | fields
 *  vtable:  uint16 bytes of the vtable | uint16 bytes of the table | uint16 offset of field 0, 1, ...
 * </pre>
 */
final class FlatTable {
  private static final int VTABLE_FIELDS = 2 * Short.BYTES;

  private final ByteBuffer bytes;
  private final int position;
  private final int vtable;
  private final int vtableLength;
  private final int length;
  private final String name;

  private FlatTable(ByteBuffer bytes, int position, String name) {
    this.bytes = bytes;
    this.position = position;
    this.name = name;
    inside(position, Integer.BYTES, "table");
    long back = (long) position - bytes.getInt(position);
    require(
        back >= 0 && back <= bytes.limit() - VTABLE_FIELDS && back % Short.BYTES == 0,
        Reason.STRUCTURE,
        name + ": vtable",
        "at byte " + back,
        "inside the file");
    vtable = (int) back;
    vtableLength = Short.toUnsignedInt(bytes.getShort(vtable));
    length = Short.toUnsignedInt(bytes.getShort(vtable + Short.BYTES));
    require(
        vtableLength >= VTABLE_FIELDS
            && vtableLength % Short.BYTES == 0
            && vtable + vtableLength <= bytes.limit(),
        Reason.STRUCTURE,
        name + ": vtable",
        vtableLength + " bytes",
        "an even number inside the file");
    inside(position, length, "table");
  }

  /** The table that a file begins with; the bytes have to be little endian. */
  static FlatTable root(ByteBuffer bytes, String name) {
    require(
        bytes.limit() >= 2 * Integer.BYTES, Reason.STRUCTURE, name, bytes.limit() + " bytes", 8);
    return new FlatTable(bytes, follow(bytes, 0, name), name);
  }

  private static int follow(ByteBuffer bytes, int at, String name) {
    long target = at + Integer.toUnsignedLong(bytes.getInt(at));
    require(
        target > at && target <= bytes.limit() - Integer.BYTES,
        Reason.STRUCTURE,
        name,
        "at byte " + target,
        "behind byte " + at + " and inside " + bytes.limit() + " bytes; truncated?");
    return (int) target;
  }

  private void inside(int at, long size, String what) {
    require(
        at >= 0 && at + size <= bytes.limit(),
        Reason.STRUCTURE,
        name + ": " + what,
        "bytes " + at + " to " + (at + size),
        bytes.limit() + " bytes; truncated?");
  }

  /** How the table is called in messages. */
  String name() {
    return name;
  }

  /** Where the field's value is stored; 0 if it is absent and has its default. */
  int at(int field, int size) {
    int entry = VTABLE_FIELDS + field * Short.BYTES;
    int offset = entry < vtableLength ? Short.toUnsignedInt(bytes.getShort(vtable + entry)) : 0;
    if (offset == 0) {
      return 0;
    }
    require(
        offset >= Integer.BYTES && offset + size <= length,
        Reason.STRUCTURE,
        name + ": field " + field,
        "at byte " + offset + " of the table",
        length + " bytes");
    return position + offset;
  }

  /** A signed byte. */
  int int8(int field, int absent) {
    int at = at(field, Byte.BYTES);
    return at == 0 ? absent : bytes.get(at);
  }

  /** An unsigned byte: a union's type, a flag. */
  int uint8(int field) {
    int at = at(field, Byte.BYTES);
    return at == 0 ? 0 : Byte.toUnsignedInt(bytes.get(at));
  }

  int int32(int field, int absent) {
    int at = at(field, Integer.BYTES);
    return at == 0 ? absent : bytes.getInt(at);
  }

  long uint32(int field) {
    int at = at(field, Integer.BYTES);
    return at == 0 ? 0 : Integer.toUnsignedLong(bytes.getInt(at));
  }

  long int64(int field) {
    int at = at(field, Long.BYTES);
    return at == 0 ? 0 : bytes.getLong(at);
  }

  float float32(int field) {
    int at = at(field, Float.BYTES);
    return at == 0 ? 0 : bytes.getFloat(at);
  }

  /** A table that a field points to; null if there is none. */
  FlatTable table(int field, String called) {
    int at = at(field, Integer.BYTES);
    return at == 0 ? null : new FlatTable(bytes, follow(bytes, at, called), called);
  }

  /** A vector that a field points to; empty if there is none. */
  FlatVector vector(int field, int elementSize, String called) {
    int at = at(field, Integer.BYTES);
    String path = name + ": " + called;
    if (at == 0) {
      return new FlatVector(bytes, 0, 0, elementSize, path);
    }
    int start = follow(bytes, at, path);
    long size = Integer.toUnsignedLong(bytes.getInt(start));
    int first = start + Integer.BYTES;
    inside(first, size * elementSize, called);
    return new FlatVector(bytes, first, (int) size, elementSize, path);
  }

  /** A table in a vector of tables. */
  static FlatTable element(FlatVector tables, int index, String called) {
    return new FlatTable(tables.bytes(), follow(tables.bytes(), tables.at(index), called), called);
  }

  /** A text for messages: what cannot be printed is replaced. */
  String text(int field, String called) {
    FlatVector letters = vector(field, Byte.BYTES, called);
    byte[] text = new byte[Math.min(letters.size(), 200)];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) letters.int8(i);
    }
    return new String(text, StandardCharsets.UTF_8).replaceAll("[^\\p{Graph} ]", "?");
  }

  /**
   * Refuses a field that is set and not known here: a later schema may have given it a meaning that
   * the library reads and this guard does not.
   */
  void knowsOnly(int fields) {
    for (int field = fields; VTABLE_FIELDS + field * Short.BYTES < vtableLength; field++) {
      require(
          at(field, 1) == 0, Reason.FEATURE, name + ": field " + field, "set", "absent: unknown");
    }
  }

  /** Refuses a field that is set to anything but zero. */
  void absent(int field, int size, String called) {
    int at = at(field, size);
    for (int i = 0; at != 0 && i < size; i++) {
      require(bytes.get(at + i) == 0, Reason.FEATURE, name + ": " + called, "set", "absent");
    }
  }
}
