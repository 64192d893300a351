// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import java.io.IOException;

/**
 * A recording is damaged or is none. The message names the file, the place and what did not match.
 */
public final class RecordingException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long offset;
  private final long block;

  /**
   * Makes the message.
   *
   * @param file name of the recording
   * @param offset of the damaged part in bytes from the start of the file
   * @param block index of the damaged block, from 0; -1 for the header
   * @param reason what did not match, with the values
   */
  public RecordingException(String file, long offset, long block, String reason) {
    super(
        file
            + ": "
            + (block < 0 ? "header" : "block " + block)
            + " at offset "
            + offset
            + ": "
            + reason);
    this.offset = offset;
    this.block = block;
  }

  /** Offset of the damaged part in bytes from the start of the file. */
  public long offset() {
    return offset;
  }

  /** Index of the damaged block, from 0; -1 for the header. */
  public long block() {
    return block;
  }
}
