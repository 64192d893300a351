// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The content of a file is not what ELF, or the tag, asks for. The message names all four parts.
 */
public final class ElfFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the message from its parts.
   *
   * @param file the file
   * @param field name of the field as in {@code elf(5)}, or of the section
   * @param value what stands there
   * @param allowed what may stand there, or the remedy
   */
  public ElfFormatException(Path file, String field, String value, String allowed) {
    super(file + ": " + field + " is " + value + ", allowed: " + allowed);
  }
}
