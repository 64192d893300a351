// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Raw deflate streams, each from a fresh state, so that a damaged one leaves the others whole. */
final class Deflate implements AutoCloseable {
  private final Deflater deflater;
  private byte[] output = new byte[1 << 16];

  Deflate(int level) {
    deflater = new Deflater(level, true);
  }

  /** Compresses behind {@code room} free bytes and returns the length with the room. */
  int compress(byte[] input, int length, int room) {
    deflater.reset();
    deflater.setInput(input, 0, length);
    deflater.finish();
    int end = room;
    while (!deflater.finished()) {
      if (end == output.length) {
        output = Arrays.copyOf(output, output.length * 2);
      }
      end += deflater.deflate(output, end, output.length - end);
    }
    return end;
  }

  byte[] output() {
    return output;
  }

  @Override
  public void close() {
    deflater.end();
  }

  /** Fills the output exactly, or says why it cannot. */
  static void expand(
      Inflater inflater, byte[] input, int offset, int length, byte[] output, int outputLength)
      throws MalformedException {
    inflater.reset();
    inflater.setInput(input, offset, length);
    try {
      int done = 0;
      while (done < outputLength) {
        int step = inflater.inflate(output, done, outputLength - done);
        if (step == 0) {
          break;
        }
        done += step;
      }
      boolean tooLong = done == outputLength && inflater.inflate(new byte[1]) != 0;
      if (done < outputLength || tooLong || !inflater.finished() || inflater.getRemaining() != 0) {
        throw new MalformedException(
            "deflate stream does not give the uncompressed length " + outputLength);
      }
    } catch (DataFormatException e) {
      throw new MalformedException("no deflate stream: " + e.getMessage());
    }
  }
}
