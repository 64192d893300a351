// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file that is patched in place and grows at its end. */
final class GrowingFile {
  private static final int BLOCK = 1 << 16;

  private final FileBytes original;
  private final FileChannel channel;
  private final long limit;
  private long end;

  /**
   * @param original the content before any change; what is copied comes from there
   * @param channel the same file, open for writing
   * @param limit the largest size that the file may reach
   */
  GrowingFile(FileBytes original, FileChannel channel, long limit) {
    this.original = original;
    this.channel = channel;
    this.limit = limit;
    this.end = original.size();
  }

  void write(long at, ByteBuffer content) throws IOException {
    long position = at;
    while (content.hasRemaining()) {
      position += channel.write(content, position);
    }
  }

  /** Returns where the content stands now. */
  long append(ByteBuffer content) throws IOException {
    if (end > limit - content.remaining()) {
      throw new ElfFormatException(
          original.path(), "the file size", end + " bytes", "less than " + limit);
    }
    long at = end;
    end += content.remaining();
    write(at, content);
    return at;
  }

  /** Appends a copy of a part of the original; returns where it stands. */
  long appendCopy(long offset, long length) throws IOException {
    long at = end;
    for (long done = 0; done < length; done += BLOCK) {
      int part = (int) Math.min(BLOCK, length - done);
      append(original.read(offset + done, part, "a part to copy"));
    }
    return at;
  }

  void alignEnd(int alignment) throws IOException {
    append(ByteBuffer.allocate((int) (-end & alignment - 1)));
  }
}
