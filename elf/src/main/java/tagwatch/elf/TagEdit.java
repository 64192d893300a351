// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the tag into a copy. What is new goes to the end of the file:
 *
 * <pre>
 * | the old file | tag 2 | old section names, ".exein" | old section headers, one more |
 * </pre>
 *
 * The old names and headers stay where they were, unused, so that no other byte moves.
 */
final class TagEdit {
  private static final int TABLE_ALIGNMENT = 8;
  private static final byte[] TAG_NAME = ascii(ElfFile.TAG_SECTION + "\0");
  private static final byte[] NAMES_NAME = ascii(".shstrtab\0");

  private final ElfFile elf;
  private final ElfHeader header;
  private final ElfLayout layout;
  private final GrowingFile file;

  TagEdit(ElfFile elf, FileChannel channel) {
    this.elf = elf;
    this.header = elf.header();
    this.layout = header.layout();
    this.file = new GrowingFile(elf.bytes(), channel, layout.maxFileSize());
  }

  void set(int tag) throws IOException {
    List<Section> found = elf.tagSections();
    ByteBuffer content = buffer(ElfFile.TAG_LENGTH).putShort(0, (short) tag);
    if (found.isEmpty()) {
      add(content);
    } else if (found.size() > 1) {
      throw elf.severalTags(found.size());
    } else if (ownsItsBytes(found.get(0))) {
      file.write(found.get(0).offset(), content);
    } else {
      long offset = file.append(content);
      file.write(found.get(0).position(), tagHeader(found.get(0).name(), offset));
    }
  }

  void remove() throws IOException {
    for (Section section : elf.tagSections()) {
      if (ownsItsBytes(section)) {
        file.write(section.offset(), buffer(ElfFile.TAG_LENGTH));
      }
      file.write(section.position(), buffer(layout.sectionHeaderLength()));
    }
  }

  private void add(ByteBuffer content) throws IOException {
    SectionTable sections = elf.sections();
    if (sections.count() == 0) {
      createTable(content);
    } else {
      extendTable(sections, content);
    }
  }

  private void createTable(ByteBuffer content) throws IOException {
    if (header.phnum() == Segments.EXTENDED_COUNT) {
      throw new ElfFormatException(
          elf.path(), "e_phnum", "PN_XNUM without section 0", "a count below 65535");
    }
    long tagAt = file.append(content);
    long namesAt = file.append(ByteBuffer.allocate(1));
    file.append(ByteBuffer.wrap(TAG_NAME));
    file.append(ByteBuffer.wrap(NAMES_NAME));
    file.alignEnd(TABLE_ALIGNMENT);
    long table = file.append(buffer(layout.sectionHeaderLength()));
    file.append(tagHeader(1, tagAt));
    file.append(
        sectionHeader(
            1L + TAG_NAME.length,
            Section.TYPE_STRTAB,
            namesAt,
            1L + TAG_NAME.length + NAMES_NAME.length));
    putWord(layout.shoff(), table);
    putHalf(layout.shentsize(), layout.sectionHeaderLength());
    putHalf(layout.shnum(), 3);
    putHalf(layout.shstrndx(), 2);
  }

  private void extendTable(SectionTable sections, ByteBuffer content) throws IOException {
    Section names =
        sections
            .names()
            .orElseThrow(
                () ->
                    new ElfFormatException(
                        elf.path(),
                        "e_shstrndx",
                        "0 (sections without names)",
                        "the index of a section of names"));
    int count = sections.count();
    if (count == SectionTable.MAX_SECTIONS) {
      throw new ElfFormatException(
          elf.path(), "the number of sections", Integer.toString(count), "less than " + count);
    }
    long tagAt = file.append(content);
    long namesAt = file.appendCopy(names.offset(), names.size());
    file.append(ByteBuffer.wrap(TAG_NAME));
    file.alignEnd(TABLE_ALIGNMENT);
    long table = file.appendCopy(header.shoff(), (long) count * layout.sectionHeaderLength());
    file.append(tagHeader(names.size(), tagAt));
    long namesHeader = table + (long) names.index() * layout.sectionHeaderLength();
    putWord(namesHeader + layout.sectionOffset(), namesAt);
    putWord(namesHeader + layout.sectionSize(), names.size() + TAG_NAME.length);
    putWord(layout.shoff(), table);
    putCount(table, count + 1);
  }

  private void putCount(long table, int count) throws IOException {
    if (header.shnum() != 0 && count < SectionTable.FIRST_RESERVED) {
      putHalf(layout.shnum(), count);
    } else {
      putHalf(layout.shnum(), 0);
      putWord(table + layout.sectionSize(), count);
    }
  }

  /**
   * Whether the section is well formed and nothing else lies on its two bytes: a file may be built
   * so that writing its tag would change its code.
   */
  private boolean ownsItsBytes(Section section) throws IOException {
    long offset = section.offset();
    if (section.fileSize() != ElfFile.TAG_LENGTH
        || offset < 0
        || offset > elf.bytes().size() - ElfFile.TAG_LENGTH
        || touches(offset, 0, layout.headerLength())) {
      return false;
    }
    SectionTable sections = elf.sections();
    List<Segments.Segment> segments = Segments.read(elf.bytes(), header);
    long segmentsLength = (long) segments.size() * layout.programHeaderLength();
    long sectionsLength = (long) sections.count() * layout.sectionHeaderLength();
    if (touches(offset, header.phoff(), segmentsLength)
        || touches(offset, header.shoff(), sectionsLength)
        || segments.stream().anyMatch(s -> touches(offset, s.offset(), s.size()))) {
      return false;
    }
    for (int i = 1; i < sections.count(); i++) {
      Section other = sections.at(i);
      if (i != section.index() && touches(offset, other.offset(), other.fileSize())) {
        return false;
      }
    }
    return true;
  }

  private static boolean touches(long offset, long start, long length) {
    return length != 0
        && Long.compareUnsigned(offset + ElfFile.TAG_LENGTH - 1, start) >= 0
        && (offset < start || Long.compareUnsigned(offset - start, length) < 0);
  }

  private ByteBuffer tagHeader(long name, long offset) {
    return sectionHeader(name, Section.TYPE_PROGBITS, offset, ElfFile.TAG_LENGTH);
  }

  /** Not loaded: no flags, no address; alignment 1. */
  private ByteBuffer sectionHeader(long name, int type, long offset, long size) {
    ByteBuffer row = buffer(layout.sectionHeaderLength());
    row.putInt(ElfLayout.SECTION_NAME, (int) name);
    row.putInt(ElfLayout.SECTION_TYPE, type);
    layout.word(row, layout.sectionOffset(), offset);
    layout.word(row, layout.sectionSize(), size);
    layout.word(row, layout.sectionAlign(), 1);
    return row;
  }

  private void putWord(long at, long value) throws IOException {
    ByteBuffer word = buffer(layout.bits() / Byte.SIZE);
    layout.word(word, 0, value);
    file.write(at, word);
  }

  private void putHalf(long at, int value) throws IOException {
    file.write(at, buffer(Short.BYTES).putShort(0, (short) value));
  }

  private ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(header.order());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
