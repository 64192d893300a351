// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

/**
 * A section header.
 *
 * @param position of the header in the file
 * @param name offset in the table of section names, unsigned
 * @param offset of the content in the file; negative if beyond 2^63-1
 */
record Section(
    int index, long position, long name, int type, long offset, long size, long link, long info) {
  static final int TYPE_NULL = 0;
  static final int TYPE_PROGBITS = 1;
  static final int TYPE_STRTAB = 3;
  static final int TYPE_NOTE = 7;
  static final int TYPE_NOBITS = 8;

  /** Bytes in the file. */
  long fileSize() {
    return type == TYPE_NOBITS || type == TYPE_NULL ? 0 : size;
  }
}
