// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The ELF header: only what leads to the sections and the notes. Counts are raw, not resolved. */
record ElfHeader(
    ElfLayout layout,
    ByteOrder order,
    int machine,
    long phoff,
    int phentsize,
    int phnum,
    long shoff,
    int shentsize,
    int shnum,
    int shstrndx) {
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS = 4;
  private static final int ENCODING = 5;

  static ElfHeader read(FileBytes bytes) throws IOException {
    if (bytes.size() < ElfLayout.IDENT_LENGTH) {
      throw new ElfFormatException(
          bytes.path(),
          "the file",
          bytes.size() + " bytes long",
          "an ELF file of at least " + ElfLayout.ELF32.headerLength() + " bytes");
    }
    ByteBuffer ident = bytes.read(0, ElfLayout.IDENT_LENGTH, "e_ident");
    int magic = ident.order(ByteOrder.BIG_ENDIAN).getInt(0);
    if (magic != MAGIC) {
      throw new ElfFormatException(
          bytes.path(), "magic", hex(magic), hex(MAGIC) + ", an ELF file (a script has no tag)");
    }
    ElfLayout layout =
        switch (ident.get(CLASS)) {
          case 1 -> ElfLayout.ELF32;
          case 2 -> ElfLayout.ELF64;
          default -> throw bad(bytes, "EI_CLASS", ident.get(CLASS), "1 (32 bit) or 2 (64 bit)");
        };
    ByteOrder order =
        switch (ident.get(ENCODING)) {
          case 1 -> ByteOrder.LITTLE_ENDIAN;
          case 2 -> ByteOrder.BIG_ENDIAN;
          default ->
              throw bad(
                  bytes, "EI_DATA", ident.get(ENCODING), "1 (little-endian) or 2 (big-endian)");
        };
    ByteBuffer header = bytes.withOrder(order).read(0, layout.headerLength(), "the ELF header");
    return new ElfHeader(
        layout,
        order,
        Short.toUnsignedInt(header.getShort(ElfLayout.MACHINE)),
        layout.word(header, layout.phoff()),
        Short.toUnsignedInt(header.getShort(layout.phentsize())),
        Short.toUnsignedInt(header.getShort(layout.phnum())),
        layout.word(header, layout.shoff()),
        Short.toUnsignedInt(header.getShort(layout.shentsize())),
        Short.toUnsignedInt(header.getShort(layout.shnum())),
        Short.toUnsignedInt(header.getShort(layout.shstrndx())));
  }

  /** Whether there is a section header table at all; a stripper may have cut it off. */
  boolean hasSections() {
    return shoff != 0;
  }

  private static ElfFormatException bad(FileBytes bytes, String field, int value, String allowed) {
    return new ElfFormatException(bytes.path(), field, Integer.toString(value & 0xff), allowed);
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
