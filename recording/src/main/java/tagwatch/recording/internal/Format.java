// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The numbers of the format that writer and reader share; see {@code FORMAT.md}. */
public final class Format {
  /** The first byte has its upper bit set and a line end follows: a text transfer shows at once. */
  static final long MAGIC = 0x0a0d_4345_5257_5489L;

  static final short VERSION = 1;

  /** {@code TWBK}. */
  static final int BLOCK_MAGIC = 0x4b42_5754;

  /** {@code TWEN}. */
  static final int END_MAGIC = 0x4e45_5754;

  /** Longest header and longest block, uncompressed: what a reader has to be ready to allocate. */
  static final int MAX_UNCOMPRESSED = 1 << 24;

  /** Deflate makes the worst input a little longer. */
  static final int MAX_COMPRESSED = MAX_UNCOMPRESSED + (MAX_UNCOMPRESSED >>> 10) + 64;

  static final int MAX_RECORDS = 1 << 19;

  static final int MAX_STRING = 1 << 16;

  static final int MAX_SLOTS = 1 << 10;

  /** As many tasks as a 64-bit kernel can have at a time ({@code PID_MAX_LIMIT}). */
  static final int MAX_TASKS = 1 << 22;

  static final int STARTED = 0;
  static final int EXECUTED = 1;
  static final int GAP = 2;
  static final int EXITED = 3;
  static final int BEACON = 4;

  /** Operations from here on are events; the ones between are for later versions. */
  static final int EVENT = 8;

  private Format() {}

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  static int crc(ByteBuffer bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(offset, length));
    return (int) crc.getValue();
  }

  static void requireCrc(String what, int stored, int computed) throws MalformedException {
    if (stored != computed) {
      throw new MalformedException(
          String.format("CRC32C of %s is %08x, stored is %08x", what, computed, stored));
    }
  }
}
