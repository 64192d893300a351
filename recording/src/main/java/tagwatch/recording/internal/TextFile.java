// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens text files; whether one is compressed is seen from its first bytes, not from its name. */
public final class TextFile {
  private static final int GZIP_MAGIC = 0x1f8b;

  private TextFile() {}

  /** The text of a file, plain or gzip. */
  public static BufferedReader open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
    try {
      bytes.mark(2);
      boolean compressed = (bytes.read() << Byte.SIZE | bytes.read()) == GZIP_MAGIC;
      bytes.reset();
      return new BufferedReader(
          new InputStreamReader(
              compressed ? new GZIPInputStream(bytes) : bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      bytes.close();
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
