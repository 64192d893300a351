// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_register}.
 *
 * <pre>
 *   24                       56       58      60       64
 *   +------------------------+--------+-------+--------+
 *   | key (32)               | expiry | ready | 0      |
 *   +------------------------+--------+-------+--------+
 * </pre>
 */
final class RegisterRequest extends Request<RegisterRequest> {
  static final int KEY = Request.SIZE;
  static final int EXPIRY = KEY + Protocol.KEY_SIZE;
  static final int READY_SLOTS = EXPIRY + Short.BYTES;
  static final int SIZE = READY_SLOTS + Short.BYTES + Integer.BYTES;

  RegisterRequest() {
    super(SIZE);
  }

  RegisterRequest key(byte[] key) {
    buffer().putBytes(offset() + KEY, key, 0, Protocol.KEY_SIZE);
    return this;
  }

  byte[] key() {
    byte[] key = new byte[Protocol.KEY_SIZE];
    buffer().getBytes(offset() + KEY, key);
    return key;
  }

  int expirySeconds() {
    return u16(EXPIRY);
  }

  RegisterRequest expirySeconds(int seconds) {
    return u16(EXPIRY, seconds);
  }

  int readySlots() {
    return u16(READY_SLOTS);
  }

  RegisterRequest readySlots(int slots) {
    return u16(READY_SLOTS, slots);
  }
}
