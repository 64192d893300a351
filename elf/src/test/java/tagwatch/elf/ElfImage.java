// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A small ELF file written field by field, with offsets of its own, so that an error in the layout
 * under test cannot hide: header, one note segment, section contents, section headers.
 */
final class ElfImage {
  static final byte[] BUILD_ID = {(byte) 0xab, 0x01, 0x02, (byte) 0xff};

  /** The content is one character a byte. */
  private record Row(String name, int type, String content) {
    byte[] bytes() {
      return content.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private final boolean wide;
  private final ByteOrder order;
  private final List<Row> rows = new ArrayList<>();
  private boolean extendedNumbering;
  private boolean sectionHeaders = true;

  ElfImage(int bits, ByteOrder order) {
    this.wide = bits == 64;
    this.order = order;
  }

  ElfImage section(String name, int type, int... content) {
    StringBuilder bytes = new StringBuilder();
    for (int value : content) {
      bytes.append((char) value);
    }
    rows.add(new Row(name, type, bytes.toString()));
    return this;
  }

  ElfImage extendedNumbering() {
    extendedNumbering = true;
    return this;
  }

  ElfImage withoutSectionHeaders() {
    sectionHeaders = false;
    return this;
  }

  byte[] bytes() {
    List<Row> all = new ArrayList<>(rows);
    StringBuilder names = new StringBuilder("\0");
    List<Integer> nameOffsets = new ArrayList<>();
    for (Row row : rows) {
      nameOffsets.add(names.length());
      names.append(row.name).append('\0');
    }
    nameOffsets.add(names.length());
    names.append(".shstrtab\0");
    all.add(new Row(".shstrtab", 3, names.toString()));

    byte[] note = note();
    int noteAt = wide ? 64 + 56 : 52 + 32;
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    List<Integer> offsets = new ArrayList<>();
    for (Row row : all) {
      offsets.add(noteAt + note.length + contents.size());
      contents.writeBytes(row.bytes());
    }
    int tableAt = noteAt + note.length + contents.size();
    int count = all.size() + 1;
    int rowLength = wide ? 64 : 40;
    ByteBuffer image =
        ByteBuffer.allocate(tableAt + (sectionHeaders ? count * rowLength : 0)).order(order);
    image.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), encoding(), 1});
    image.position(16);
    image.putShort((short) 2).putShort((short) (wide ? 62 : 8)).putInt(1);
    word(image, 0);
    word(image, wide ? 64 : 52);
    word(image, sectionHeaders ? tableAt : 0);
    image.putInt(0).putShort((short) (wide ? 64 : 52)).putShort((short) (wide ? 56 : 32));
    image.putShort((short) 1).putShort((short) rowLength);
    image.putShort((short) (extendedNumbering || !sectionHeaders ? 0 : count));
    image.putShort((short) (extendedNumbering ? 0xffff : sectionHeaders ? count - 1 : 0));
    programHeader(image, noteAt, note.length);
    image.put(note).put(contents.toByteArray());
    if (sectionHeaders) {
      sectionHeader(
          image, 0, 0, 0, extendedNumbering ? count : 0, extendedNumbering ? count - 1 : 0);
      for (int i = 0; i < all.size(); i++) {
        Row row = all.get(i);
        sectionHeader(image, nameOffsets.get(i), row.type, offsets.get(i), row.content.length(), 0);
      }
    }
    return image.array();
  }

  private byte encoding() {
    return (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2);
  }

  private byte[] note() {
    ByteBuffer note = ByteBuffer.allocate(20).order(order);
    note.putInt(4).putInt(BUILD_ID.length).putInt(3).put(new byte[] {'G', 'N', 'U', 0});
    return note.put(BUILD_ID).array();
  }

  private void programHeader(ByteBuffer image, int offset, int length) {
    image.putInt(4);
    if (wide) {
      image.putInt(4).putLong(offset).putLong(0).putLong(0).putLong(length).putLong(length);
      image.putLong(4);
    } else {
      image.putInt(offset).putInt(0).putInt(0).putInt(length).putInt(length).putInt(4).putInt(4);
    }
  }

  private void sectionHeader(ByteBuffer image, int name, int type, int offset, int size, int link) {
    image.putInt(name).putInt(type);
    word(image, 0);
    word(image, 0);
    word(image, offset);
    word(image, size);
    image.putInt(link).putInt(0);
    word(image, 1);
    word(image, 0);
  }

  private ByteBuffer word(ByteBuffer image, int value) {
    return wide ? image.putLong(value) : image.putInt(value);
  }
}
