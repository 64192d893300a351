// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_image_request}.
 *
 * <pre>
 *   24        28        32                 40
 *   +---------+---------+------------------+
 *   | tid     | flags   | start time       |
 *   +---------+---------+------------------+
 * </pre>
 */
final class ImageRequest extends Request<ImageRequest> {
  static final int TID = Request.SIZE;
  static final int FLAGS = TID + Integer.BYTES;
  static final int START_TIME = FLAGS + Integer.BYTES;
  static final int SIZE = START_TIME + Long.BYTES;

  ImageRequest() {
    super(SIZE);
  }

  int tid() {
    return s32(TID);
  }

  ImageRequest tid(int tid) {
    return s32(TID, tid);
  }

  int flags() {
    return s32(FLAGS);
  }

  ImageRequest flags(int flags) {
    return s32(FLAGS, flags);
  }

  long startTime() {
    return s64(START_TIME);
  }

  ImageRequest startTime(long startTime) {
    return s64(START_TIME, startTime);
  }
}
