// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Gives changed blocks good checksums, as somebody would who means harm. */
final class Hostile {
  private Hostile() {}

  static void sealAgain(byte[] recording) {
    ByteBuffer bytes = ByteBuffer.wrap(recording).order(ByteOrder.LITTLE_ENDIAN);
    int at = 20 + bytes.getInt(12) + 4;
    while (at + 40 <= recording.length) {
      int length = bytes.getInt(at + 28);
      if (length < 0 || length > recording.length - at - 40) {
        length = recording.length - at - 40;
      }
      bytes.putInt(at + 32, crc(recording, at + 40, length));
      bytes.putInt(at + 36, crc(recording, at, 36));
      at += 40 + length;
    }
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
