// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Positioned reads that stay inside the file. What a hostile length asks for is never allocated.
 */
record FileBytes(Path path, FileChannel channel, long size, ByteOrder order) {

  /**
   * The bytes, or an error that names the field; {@code length} is the caller's, never a file's.
   */
  ByteBuffer read(long offset, int length, String field) throws IOException {
    requireInside(offset, length, field);
    ByteBuffer buffer = ByteBuffer.allocate(length).order(order);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new ElfFormatException(
            path,
            field,
            "cut off at " + (offset + buffer.position()),
            "a file that does not shrink while it is read");
      }
    }
    return buffer.flip();
  }

  void requireInside(long offset, long length, String field) throws ElfFormatException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new ElfFormatException(
          path,
          field,
          Long.toUnsignedString(length) + " bytes at " + Long.toUnsignedString(offset),
          "inside the file's " + size + " bytes");
    }
  }

  FileBytes withOrder(ByteOrder other) {
    return new FileBytes(path, channel, size, other);
  }
}
