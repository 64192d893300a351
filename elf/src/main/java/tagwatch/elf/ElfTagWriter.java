// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;

/**
 * Sets and removes the tag of an ELF file.
 *
 * <p>The file is replaced in one step by a changed copy in the same directory, with the owner,
 * mode, times and extended attributes of the old one. A symbolic link is followed, and the file
 * that it leads to is replaced; other hard links keep the old content. No loaded byte of the
 * program changes: the section, a longer table of section names and a longer section header table
 * are appended. Programs that look for a payload at the end of their own file may not find it there
 * any more, and a signature over the whole file becomes invalid.
 *
 * <p>Any thread may call. On any exception the file is as it was.
 */
public final class ElfTagWriter {
  private static final int MAX_TAG = 0xffff;

  private ElfTagWriter() {}

  /**
   * Gives the file a tag, in place of the one that it may have. A {@code .exein} section of a wrong
   * size is repaired.
   *
   * @param tag 0–65535, else {@link IllegalArgumentException}
   * @throws ElfFormatException if it is not an ELF file, its headers are broken, or there are
   *     several {@code .exein} sections ({@link #remove(Path)} removes all of them)
   */
  public static Replacement set(Path path, int tag) throws IOException {
    if (tag < 0 || tag > MAX_TAG) {
      throw new IllegalArgumentException("tag out of range 0..65535: " + tag);
    }
    // Refuse before a copy of what may be gigabytes of something else is made.
    ElfFile.open(path).close();
    return replace(path, OptionalInt.of(tag));
  }

  /**
   * Takes the tag from the file; its section header becomes an inactive one, because taking it out
   * would renumber the sections that follow.
   *
   * @return whether there was one
   * @throws ElfFormatException if it is not an ELF file or its headers are broken
   */
  public static boolean remove(Path path) throws IOException {
    Path file = path.toRealPath();
    try (ElfFile elf = ElfFile.open(file)) {
      if (elf.tagSections().isEmpty()) {
        return false;
      }
    }
    replace(file, OptionalInt.empty());
    return true;
  }

  private static Replacement replace(Path path, OptionalInt tag) throws IOException {
    return AtomicReplacement.replace(
        path.toRealPath(),
        copy -> {
          try (ElfFile elf = ElfFile.open(copy, path);
              FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            TagEdit edit = new TagEdit(elf, channel);
            if (tag.isPresent()) {
              edit.set(tag.getAsInt());
            } else {
              edit.remove();
            }
          }
          verify(copy, path, tag);
        });
  }

  /** Headers that overlap each other or the tag can only be the work of an adversary. */
  private static void verify(Path copy, Path path, OptionalInt tag) throws IOException {
    try (ElfFile elf = ElfFile.open(copy, path)) {
      OptionalInt written = elf.tag();
      if (!written.equals(tag)) {
        throw new ElfFormatException(
            path, "the tag after writing", written.toString(), "headers that do not overlap");
      }
    }
  }
}
