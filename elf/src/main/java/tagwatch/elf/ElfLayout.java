// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.nio.ByteBuffer;

/**
 * Where the fields stand, for both classes. {@code w} is the width of an address: 4 or 8 bytes.
 *
 * <pre>
 * ELF header      0 ident     16 type 2   18 machine 2   20 version 4   24 entry w
 *                24+w phoff w   24+2w shoff w   24+3w flags 4   28+3w ehsize 2   30+3w phentsize 2
 *                32+3w phnum 2   34+3w shentsize 2   36+3w shnum 2   38+3w shstrndx 2
 * section header  0 name 4     4 type 4     8 flags w     8+w addr w    8+2w offset w   8+3w size w
 *                 8+4w link 4   12+4w info 4   16+4w addralign w   16+5w entsize w
 * program header  0 type 4     w offset w   4w filesz w   (the flags lie differently in the classes)
 * </pre>
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI</a>
 */
enum ElfLayout {
  ELF32(4, 32, 28),
  ELF64(8, 56, 48);

  static final int IDENT_LENGTH = 16;
  static final int MACHINE = 18;

  static final int SECTION_NAME = 0;
  static final int SECTION_TYPE = 4;
  static final int PROGRAM_TYPE = 0;

  private final int w;
  private final int programHeaderLength;
  private final int programAlign;

  ElfLayout(int w, int programHeaderLength, int programAlign) {
    this.w = w;
    this.programHeaderLength = programHeaderLength;
    this.programAlign = programAlign;
  }

  int bits() {
    return 8 * w;
  }

  int headerLength() {
    return shstrndx() + 2;
  }

  int phoff() {
    return 24 + w;
  }

  int shoff() {
    return 24 + 2 * w;
  }

  int phentsize() {
    return 30 + 3 * w;
  }

  int phnum() {
    return 32 + 3 * w;
  }

  int shentsize() {
    return 34 + 3 * w;
  }

  int shnum() {
    return 36 + 3 * w;
  }

  int shstrndx() {
    return 38 + 3 * w;
  }

  int sectionHeaderLength() {
    return 16 + 6 * w;
  }

  int sectionOffset() {
    return 8 + 2 * w;
  }

  int sectionSize() {
    return 8 + 3 * w;
  }

  int sectionLink() {
    return 8 + 4 * w;
  }

  int sectionInfo() {
    return 12 + 4 * w;
  }

  int sectionAlign() {
    return 16 + 4 * w;
  }

  int programHeaderLength() {
    return programHeaderLength;
  }

  int programOffset() {
    return w;
  }

  int programFileSize() {
    return 4 * w;
  }

  int programAlign() {
    return programAlign;
  }

  /** A field as wide as an address; negative if a 64-bit one exceeds 2^63-1. */
  long word(ByteBuffer buffer, int index) {
    return w == 4 ? Integer.toUnsignedLong(buffer.getInt(index)) : buffer.getLong(index);
  }

  void word(ByteBuffer buffer, int index, long value) {
    if (w == 4) {
      buffer.putInt(index, (int) value);
    } else {
      buffer.putLong(index, value);
    }
  }

  /** The largest file that the offsets of this class can name. */
  long maxFileSize() {
    return w == 4 ? 0xffff_ffffL : Long.MAX_VALUE;
  }
}
