// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording.internal;

import java.nio.ByteBuffer;

/**
 * What stands before each block; {@code eventsBefore} lets a reader that had to skip blocks say how
 * many events were in them.
 */
public record BlockHeader(
    boolean end,
    int index,
    long eventsBefore,
    int events,
    int records,
    int uncompressed,
    int compressed,
    int payloadCrc) {
  private static final int MAGIC_OFFSET = 0;
  private static final int INDEX_OFFSET = MAGIC_OFFSET + Integer.BYTES;
  private static final int EVENTS_BEFORE_OFFSET = INDEX_OFFSET + Integer.BYTES;
  private static final int EVENTS_OFFSET = EVENTS_BEFORE_OFFSET + Long.BYTES;
  private static final int RECORDS_OFFSET = EVENTS_OFFSET + Integer.BYTES;
  private static final int UNCOMPRESSED_OFFSET = RECORDS_OFFSET + Integer.BYTES;
  private static final int COMPRESSED_OFFSET = UNCOMPRESSED_OFFSET + Integer.BYTES;
  private static final int PAYLOAD_CRC_OFFSET = COMPRESSED_OFFSET + Integer.BYTES;
  private static final int HEADER_CRC_OFFSET = PAYLOAD_CRC_OFFSET + Integer.BYTES;

  /** In bytes. */
  public static final int LENGTH = HEADER_CRC_OFFSET + Integer.BYTES;

  /** Writes at the start of a little-endian buffer. */
  void write(ByteBuffer to) {
    to.putInt(MAGIC_OFFSET, end ? Format.END_MAGIC : Format.BLOCK_MAGIC);
    to.putInt(INDEX_OFFSET, index);
    to.putLong(EVENTS_BEFORE_OFFSET, eventsBefore);
    to.putInt(EVENTS_OFFSET, events);
    to.putInt(RECORDS_OFFSET, records);
    to.putInt(UNCOMPRESSED_OFFSET, uncompressed);
    to.putInt(COMPRESSED_OFFSET, compressed);
    to.putInt(PAYLOAD_CRC_OFFSET, payloadCrc);
    to.putInt(HEADER_CRC_OFFSET, Format.crc(to, 0, HEADER_CRC_OFFSET));
  }

  /** Whether a block may start here; cheap, for looking for the next one. */
  public static boolean magicAt(ByteBuffer from, int offset) {
    int magic = from.getInt(offset);
    return magic == Format.BLOCK_MAGIC || magic == Format.END_MAGIC;
  }

  /** Reads and checks a block's header from a little-endian buffer. */
  public static BlockHeader read(ByteBuffer from, int offset) throws MalformedException {
    Format.requireCrc(
        "the block's header",
        from.getInt(offset + HEADER_CRC_OFFSET),
        Format.crc(from, offset, HEADER_CRC_OFFSET));
    if (!magicAt(from, offset)) {
      throw new MalformedException(
          String.format("magic of a block is %08x", from.getInt(offset + MAGIC_OFFSET)));
    }
    BlockHeader header =
        new BlockHeader(
            from.getInt(offset + MAGIC_OFFSET) == Format.END_MAGIC,
            from.getInt(offset + INDEX_OFFSET),
            from.getLong(offset + EVENTS_BEFORE_OFFSET),
            from.getInt(offset + EVENTS_OFFSET),
            from.getInt(offset + RECORDS_OFFSET),
            from.getInt(offset + UNCOMPRESSED_OFFSET),
            from.getInt(offset + COMPRESSED_OFFSET),
            from.getInt(offset + PAYLOAD_CRC_OFFSET));
    header.check();
    return header;
  }

  /** A checksum does not make a hostile file honest: nothing is allocated before this. */
  private void check() throws MalformedException {
    within("block index", index, 0, Integer.MAX_VALUE);
    within("events before", eventsBefore, 0, Long.MAX_VALUE - Format.MAX_RECORDS);
    within("records", records, 0, Format.MAX_RECORDS);
    within("events", events, 0, records);
    within("uncompressed length", uncompressed, 0, Format.MAX_UNCOMPRESSED);
    within("compressed length", compressed, 0, Format.MAX_COMPRESSED);
  }

  private static void within(String field, long value, long min, long max)
      throws MalformedException {
    if (value < min || value > max) {
      throw new MalformedException(field + " out of range " + min + ".." + max + ": " + value);
    }
  }
}
