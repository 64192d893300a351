// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The program headers, of which only the extents in the file matter here. */
final class Segments {
  static final int TYPE_NOTE = 4;

  /** {@code PN_XNUM}: the count stands in the first section header. */
  static final int EXTENDED_COUNT = 0xffff;

  /** The largest table is some hundred entries; beyond {@code PN_XNUM} only core dumps go. */
  private static final int MAX_SEGMENTS = 1 << 16;

  /** One segment; {@code offset} and {@code size} are not checked against the file. */
  record Segment(int type, long offset, long size, long align) {}

  private Segments() {}

  static List<Segment> read(FileBytes bytes, ElfHeader header) throws IOException {
    if (header.phoff() == 0 || header.phnum() == 0) {
      return List.of();
    }
    ElfLayout layout = header.layout();
    if (header.phentsize() != layout.programHeaderLength()) {
      throw new ElfFormatException(
          bytes.path(),
          "e_phentsize",
          Integer.toString(header.phentsize()),
          layout.programHeaderLength() + " bytes");
    }
    int count = count(bytes, header);
    ByteBuffer table =
        bytes.read(
            header.phoff(), count * layout.programHeaderLength(), "the program header table");
    List<Segment> segments = new ArrayList<>(count);
    for (int at = 0; at < table.limit(); at += layout.programHeaderLength()) {
      segments.add(
          new Segment(
              table.getInt(at + ElfLayout.PROGRAM_TYPE),
              layout.word(table, at + layout.programOffset()),
              layout.word(table, at + layout.programFileSize()),
              layout.word(table, at + layout.programAlign())));
    }
    return segments;
  }

  private static int count(FileBytes bytes, ElfHeader header) throws IOException {
    if (header.phnum() != EXTENDED_COUNT) {
      return header.phnum();
    }
    SectionTable sections = new SectionTable(bytes, header);
    long count = sections.count() == 0 ? -1 : sections.at(0).info();
    if (count < 0 || count > MAX_SEGMENTS) {
      throw new ElfFormatException(
          bytes.path(),
          "e_phnum",
          "PN_XNUM with " + (count < 0 ? "no section 0" : "sh_info " + count + " in section 0"),
          "at most " + MAX_SEGMENTS + " program headers");
    }
    return (int) count;
  }
}
