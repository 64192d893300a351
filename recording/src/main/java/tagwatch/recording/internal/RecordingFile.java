// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tagwatch.recording.RecordingException;
import tagwatch.recording.RecordingHeader;

/** The bytes of a recording; read, not mapped: a file that is cut while mapped kills the JVM. */
public final class RecordingFile implements AutoCloseable {
  private static final int STRIDE = 1 << 16;

  private final String name;
  private final FileChannel channel;
  private final long size;

  private RecordingFile(Path path) throws IOException {
    name = path.toString();
    channel = FileChannel.open(path, StandardOpenOption.READ);
    size = channel.size();
  }

  /** Opens the file; what is appended later is not seen. */
  public static RecordingFile open(Path path) throws IOException {
    return new RecordingFile(path);
  }

  /** Length in bytes when it was opened. */
  public long size() {
    return size;
  }

  /** An exception that names this file. */
  public RecordingException damaged(long offset, long block, String reason) {
    return new RecordingException(name, offset, block, reason);
  }

  /** The header and where the first block starts. */
  public record Opening(RecordingHeader header, long end) {}

  /** Reads the header. */
  public Opening header() throws IOException {
    try {
      if (size < HeaderCodec.PREFIX) {
        throw new MalformedException(
            "file of " + size + " bytes is shorter than a recording's header");
      }
      int length = HeaderCodec.length(read(0, HeaderCodec.PREFIX));
      if (length > size) {
        throw new MalformedException(
            "file of " + size + " bytes ends in its header of " + length + " bytes");
      }
      return new Opening(HeaderCodec.decode(read(0, length).array()), length);
    } catch (MalformedException e) {
      throw damaged(0, -1, e.getMessage());
    }
  }

  /** Some bytes, little endian, from position 0 of an array of that length. */
  public ByteBuffer read(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    read(offset, bytes, length);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fills the beginning of an array. */
  public void read(long offset, byte[] into, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw damaged(
            offset, -1, "file shrank while it was read: size=" + channel.size() + " was=" + size);
      }
    }
  }

  /** Whether only zeros follow: what some file systems leave of a write that a power cut tore. */
  public boolean zerosFrom(long offset) throws IOException {
    byte[] bytes = new byte[STRIDE];
    for (long at = offset; at < size; at += STRIDE) {
      int length = (int) Math.min(STRIDE, size - at);
      read(at, bytes, length);
      for (int i = 0; i < length; i++) {
        if (bytes[i] != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Offset of the next whole header of a block, at or behind the given offset; -1 if none. */
  public long findBlock(long offset) throws IOException {
    byte[] bytes = new byte[STRIDE];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long at = offset;
    while (size - at >= BlockHeader.LENGTH) {
      int length = (int) Math.min(STRIDE, size - at);
      read(at, bytes, length);
      int last = length - BlockHeader.LENGTH;
      for (int i = 0; i <= last; i++) {
        if (BlockHeader.magicAt(buffer, i) && isHeader(buffer, i)) {
          return at + i;
        }
      }
      at += last + 1;
    }
    return -1;
  }

  private static boolean isHeader(ByteBuffer buffer, int offset) {
    try {
      BlockHeader.read(buffer, offset);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
