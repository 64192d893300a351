// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** The GNU build id among the notes: type 3 of the owner {@code GNU}. */
final class BuildId {
  private static final int NOTE_HEADER = 12;
  private static final int TYPE = 3;
  private static final int OWNER = 0x474e5500;
  private static final int OWNER_LENGTH = 4;
  private static final int MAX_LENGTH = 64;

  /**
   * Bytes of notes looked at in one file, of which a linker writes some hundred. A hostile file may
   * have a million note sections that all name the same bytes.
   */
  private static final int MAX_NOTES = 1 << 16;

  private final FileBytes bytes;
  private int budget = MAX_NOTES;

  private BuildId(FileBytes bytes) {
    this.bytes = bytes;
  }

  static String read(FileBytes bytes, ElfHeader header) throws IOException {
    return new BuildId(bytes).find(header);
  }

  private String find(ElfHeader header) throws IOException {
    for (Segments.Segment segment : Segments.read(bytes, header)) {
      if (segment.type() == Segments.TYPE_NOTE) {
        String id = inNotes(segment.offset(), segment.size(), segment.align());
        if (!id.isEmpty()) {
          return id;
        }
      }
    }
    // Kernel modules and other relocatable files have notes, but no segments.
    SectionTable sections = new SectionTable(bytes, header);
    for (int i = 1; i < sections.count(); i++) {
      Section section = sections.at(i);
      if (section.type() == Section.TYPE_NOTE) {
        String id = inNotes(section.offset(), section.size(), 4);
        if (!id.isEmpty()) {
          return id;
        }
      }
    }
    return "";
  }

  private String inNotes(long offset, long size, long align) throws IOException {
    bytes.requireInside(offset, size, "a note segment");
    ByteBuffer notes = bytes.read(offset, (int) Math.min(size, budget), "a note segment");
    budget -= notes.limit();
    int padding = align == 8 ? 8 : 4;
    long at = 0;
    while (at + NOTE_HEADER <= notes.limit()) {
      long nameLength = Integer.toUnsignedLong(notes.getInt((int) at));
      long length = Integer.toUnsignedLong(notes.getInt((int) at + 4));
      int type = notes.getInt((int) at + 8);
      long content = padded(at + NOTE_HEADER + nameLength, padding);
      if (type == TYPE
          && nameLength == OWNER_LENGTH
          && content + length <= notes.limit()
          && owner(notes, (int) at + NOTE_HEADER) == OWNER) {
        if (length == 0 || length > MAX_LENGTH) {
          throw new ElfFormatException(
              bytes.path(), "the GNU build id", length + " bytes long", "1 to " + MAX_LENGTH);
        }
        byte[] id = new byte[(int) length];
        notes.get((int) content, id);
        return HexFormat.of().formatHex(id);
      }
      at = padded(content + length, padding);
    }
    return "";
  }

  private static int owner(ByteBuffer notes, int at) {
    return notes.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(at);
  }

  private static long padded(long length, int padding) {
    return length + padding - 1 & -padding;
  }
}
