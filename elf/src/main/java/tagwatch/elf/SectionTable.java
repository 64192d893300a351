// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The section headers and their names, read in blocks: the cost is bounded by the number of
 * sections whatever lengths the file claims. For one thread.
 */
final class SectionTable {
  /** The largest objects known have some hundred thousand; a hostile file may claim 2^64. */
  static final int MAX_SECTIONS = 1 << 20;

  /** {@code SHN_LORESERVE}: from here on the count stands in the first section header. */
  static final int FIRST_RESERVED = 0xff00;

  private static final int EXTENDED_INDEX = 0xffff;
  private static final int BLOCK = 256;
  private static final int NAMES_WINDOW = 1 << 16;

  private final FileBytes bytes;
  private final ElfHeader header;
  private final int count;
  private final int namesIndex;
  private ByteBuffer block = ByteBuffer.allocate(0);
  private int blockStart;
  private Section names;
  private ByteBuffer namesWindow;

  /** Reads what the header says; resolves the extended numbering. */
  SectionTable(FileBytes bytes, ElfHeader header) throws IOException {
    this.bytes = bytes;
    this.header = header;
    if (!header.hasSections()) {
      count = 0;
      namesIndex = 0;
      return;
    }
    int length = header.layout().sectionHeaderLength();
    if (header.shentsize() != length) {
      throw new ElfFormatException(
          bytes.path(), "e_shentsize", Integer.toString(header.shentsize()), length + " bytes");
    }
    Section first =
        header.shnum() == 0 || header.shstrndx() == EXTENDED_INDEX ? firstHeader() : null;
    count = header.shnum() == 0 ? extendedCount(first) : header.shnum();
    bytes.requireInside(header.shoff(), (long) count * length, "the section header table");
    long index = header.shstrndx() == EXTENDED_INDEX ? first.link() : header.shstrndx();
    if (index >= count && count > 0) {
      throw new ElfFormatException(
          bytes.path(), "e_shstrndx", Long.toString(index), "0 to " + (count - 1));
    }
    namesIndex = (int) index;
  }

  int count() {
    return count;
  }

  Section at(int index) throws IOException {
    int length = header.layout().sectionHeaderLength();
    if (index < blockStart || index >= blockStart + block.limit() / length) {
      int rows = Math.min(BLOCK, count - index);
      block = bytes.read(header.shoff() + (long) index * length, rows * length, "section " + index);
      blockStart = index;
    }
    return section(block, index, (index - blockStart) * length);
  }

  /** The section that holds the names; empty if the sections have none. */
  Optional<Section> names() throws IOException {
    if (namesIndex == 0 || count == 0) {
      return Optional.empty();
    }
    if (names == null) {
      Section section = at(namesIndex);
      if (section.type() == Section.TYPE_NOBITS) {
        throw new ElfFormatException(
            bytes.path(), "the section of the section names", "NOBITS (8)", "STRTAB (3)");
      }
      bytes.requireInside(section.offset(), section.size(), "the section of the section names");
      names = section;
    }
    return Optional.of(names);
  }

  /** All sections of that name; inactive ones have none. */
  List<Section> named(String name) throws IOException {
    List<Section> found = new ArrayList<>(1);
    if (names().isEmpty()) {
      return found;
    }
    byte[] wanted = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    for (int i = 1; i < count; i++) {
      Section section = at(i);
      if (section.type() != Section.TYPE_NULL && isAt(section.name(), wanted)) {
        found.add(section);
      }
    }
    return found;
  }

  private boolean isAt(long name, byte[] wanted) throws IOException {
    if (name > names.size() - wanted.length) {
      return false;
    }
    if (namesWindow == null) {
      int length = (int) Math.min(NAMES_WINDOW, names.size());
      namesWindow = bytes.read(names.offset(), length, "the section names");
    }
    if (name <= namesWindow.limit() - wanted.length) {
      return ByteBuffer.wrap(wanted).equals(namesWindow.slice((int) name, wanted.length));
    }
    return ByteBuffer.wrap(wanted)
        .equals(bytes.read(names.offset() + name, wanted.length, "a section name"));
  }

  private Section firstHeader() throws IOException {
    int length = header.layout().sectionHeaderLength();
    return section(bytes.read(header.shoff(), length, "section 0"), 0, 0);
  }

  private int extendedCount(Section first) throws ElfFormatException {
    if (first.size() < 0 || first.size() > MAX_SECTIONS) {
      throw new ElfFormatException(
          bytes.path(),
          "sh_size of section 0 (the number of sections)",
          Long.toUnsignedString(first.size()),
          "0 to " + MAX_SECTIONS);
    }
    return (int) first.size();
  }

  private Section section(ByteBuffer buffer, int index, int at) {
    ElfLayout layout = header.layout();
    return new Section(
        index,
        header.shoff() + (long) index * layout.sectionHeaderLength(),
        Integer.toUnsignedLong(buffer.getInt(at + ElfLayout.SECTION_NAME)),
        buffer.getInt(at + ElfLayout.SECTION_TYPE),
        layout.word(buffer, at + layout.sectionOffset()),
        layout.word(buffer, at + layout.sectionSize()),
        Integer.toUnsignedLong(buffer.getInt(at + layout.sectionLink())),
        Integer.toUnsignedLong(buffer.getInt(at + layout.sectionInfo())));
  }
}
