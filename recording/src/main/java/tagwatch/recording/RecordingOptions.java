// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

/**
 * How a recording is written.
 *
 * @param level of compression, 0 (stored) to 9
 * @param blockEvents events in a full block, 1–262,144: more compress better, and more are lost in
 *     a crash
 * @param forceIntervalNs how long written blocks may stay in the page cache before they are forced
 *     to the disk, checked whenever a block is written; 0 forces each one
 */
public record RecordingOptions(int level, int blockEvents, long forceIntervalNs) {
  /** Most events that a block may have. */
  public static final int MAX_BLOCK_EVENTS = 1 << 18;

  /** Level 6, blocks of 32,768 events, forced once a second. */
  public static final RecordingOptions DEFAULT = new RecordingOptions(6, 1 << 15, 1_000_000_000L);

  /** Throws {@link IllegalArgumentException} for a value out of its range. */
  public RecordingOptions {
    if (level < 0 || level > 9) {
      throw new IllegalArgumentException("level out of range 0..9: " + level);
    }
    if (blockEvents < 1 || blockEvents > MAX_BLOCK_EVENTS) {
      throw new IllegalArgumentException(
          "blockEvents out of range 1.." + MAX_BLOCK_EVENTS + ": " + blockEvents);
    }
    if (forceIntervalNs < 0) {
      throw new IllegalArgumentException("negative forceIntervalNs: " + forceIntervalNs);
    }
  }
}
