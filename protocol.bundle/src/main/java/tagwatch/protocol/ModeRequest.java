// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_mode_request}.
 *
 * <pre>
 *   24     26      28        32
 *   +------+-------+---------+
 *   | mode | ready | 0       |
 *   +------+-------+---------+
 * </pre>
 */
final class ModeRequest extends Request<ModeRequest> {
  static final int MODE = Request.SIZE;
  static final int READY_SLOTS = MODE + Short.BYTES;
  static final int SIZE = READY_SLOTS + Short.BYTES + Integer.BYTES;

  ModeRequest() {
    super(SIZE);
  }

  int mode() {
    return u16(MODE);
  }

  ModeRequest mode(int mode) {
    return u16(MODE, mode);
  }

  int readySlots() {
    return u16(READY_SLOTS);
  }

  ModeRequest readySlots(int slots) {
    return u16(READY_SLOTS, slots);
  }
}
