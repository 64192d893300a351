// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.OptionalInt;

/**
 * An ELF file, open for reading. Reads only headers, section names, notes and the two bytes of the
 * tag, whatever the size of the file; {@code /proc/PID/exe} is a good path, also of a program that
 * was deleted.
 *
 * <p>What is wrong with the content is an {@link ElfFormatException}; memory and time stay bounded
 * for hostile files too. Any thread may call. Interrupting a thread that reads closes the file.
 */
public final class ElfFile implements AutoCloseable {
  /** Name of the section that holds the tag: two bytes in the byte order of the file. */
  public static final String TAG_SECTION = ".exein";

  static final int TAG_LENGTH = 2;

  private final FileBytes bytes;
  private final ElfHeader header;

  private ElfFile(FileBytes bytes, ElfHeader header) {
    this.bytes = bytes;
    this.header = header;
  }

  /**
   * Opens a file and reads its ELF header.
   *
   * @throws ElfFormatException if it is not a regular file with a complete ELF header
   */
  public static ElfFile open(Path path) throws IOException {
    return open(path, path);
  }

  /** Errors name {@code path} although {@code content} is read, a temporary copy of it. */
  static ElfFile open(Path content, Path path) throws IOException {
    // Opening a named pipe would wait for a writer that may never come.
    if (!Files.readAttributes(content, BasicFileAttributes.class).isRegularFile()) {
      throw new ElfFormatException(path, "the file type", "not regular", "a regular file");
    }
    FileChannel channel = FileChannel.open(content, StandardOpenOption.READ);
    try {
      FileBytes bytes = new FileBytes(path, channel, channel.size(), ByteOrder.nativeOrder());
      ElfHeader header = ElfHeader.read(bytes);
      return new ElfFile(bytes.withOrder(header.order()), header);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The tag, 0–65535; empty if the file has no section {@code .exein}.
   *
   * @throws ElfFormatException if the section headers are broken, or the section is not two bytes
   *     long, or there is more than one
   */
  public OptionalInt tag() throws IOException {
    List<Section> found = tagSections();
    if (found.isEmpty()) {
      return OptionalInt.empty();
    }
    if (found.size() > 1) {
      throw severalTags(found.size());
    }
    Section section = found.get(0);
    if (section.type() == Section.TYPE_NOBITS) {
      throw new ElfFormatException(
          path(), TAG_SECTION, "of type NOBITS, without content", "PROGBITS; set the tag again");
    }
    if (section.size() != TAG_LENGTH) {
      throw new ElfFormatException(
          path(),
          TAG_SECTION,
          Long.toUnsignedString(section.size()) + " bytes long",
          TAG_LENGTH + " bytes; set the tag again");
    }
    ByteBuffer tag = bytes.read(section.offset(), TAG_LENGTH, TAG_SECTION);
    return OptionalInt.of(Short.toUnsignedInt(tag.getShort(0)));
  }

  /**
   * The GNU build id in lower-case hexadecimal; the empty string if there is none.
   *
   * @throws ElfFormatException if program headers, section headers or notes are broken
   */
  public String buildId() throws IOException {
    return BuildId.read(bytes, header);
  }

  /** The path as given to {@link #open(Path)}. */
  public Path path() {
    return bytes.path();
  }

  /** 32 or 64. */
  public int bits() {
    return header.layout().bits();
  }

  /** Byte order of the file, which is that of its target. */
  public ByteOrder byteOrder() {
    return header.order();
  }

  /** {@code e_machine}, e.g. 62 for x86-64. */
  public int machine() {
    return header.machine();
  }

  /** The machine in a word, e.g. {@code x86_64}; {@code machine-N} for the less common. */
  public String machineName() {
    return switch (machine()) {
      case 3 -> "i386";
      case 8 -> "mips";
      case 20 -> "ppc";
      case 21 -> "ppc64";
      case 22 -> "s390";
      case 40 -> "arm";
      case 62 -> "x86_64";
      case 183 -> "aarch64";
      case 243 -> "riscv";
      case 258 -> "loongarch";
      default -> "machine-" + machine();
    };
  }

  ElfFormatException severalTags(int count) {
    return new ElfFormatException(
        path(), TAG_SECTION, "there " + count + " times", "one; remove the tag, then set it");
  }

  List<Section> tagSections() throws IOException {
    return sections().named(TAG_SECTION);
  }

  SectionTable sections() throws IOException {
    return new SectionTable(bytes, header);
  }

  FileBytes bytes() {
    return bytes;
  }

  ElfHeader header() {
    return header;
  }

  @Override
  public void close() throws IOException {
    bytes.channel().close();
  }

  @Override
  public String toString() {
    return path()
        + " ("
        + bits()
        + " bit, "
        + (byteOrder() == ByteOrder.BIG_ENDIAN ? "big" : "little")
        + "-endian, "
        + machineName()
        + ")";
  }
}
