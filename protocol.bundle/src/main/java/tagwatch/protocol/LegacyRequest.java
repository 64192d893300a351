// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * A request of 2020, {@code struct twn_2020_request}.
 *
 * <pre>
 *   0         4    5   6     8         12
 *   +---------+----+---+-----+---------+
 *   | key     | id | 0 | tag | pid     |
 *   +---------+----+---+-----+---------+
 * </pre>
 */
final class LegacyRequest extends Flyweight<LegacyRequest> {
  static final int REGISTRATION = 1;
  static final int KEEP_ALIVE = 2;
  static final int BLOCK = 4;
  static final int IMAGE = 5;

  static final int KEY = 0;
  static final int ID = KEY + Integer.BYTES;
  static final int TAG = ID + 2 * Byte.BYTES;
  static final int PID = TAG + Short.BYTES;
  static final int SIZE = PID + Integer.BYTES;

  LegacyRequest() {
    super(SIZE);
  }

  int key() {
    return s32(KEY);
  }

  LegacyRequest key(int key) {
    return s32(KEY, key);
  }

  int id() {
    return u8(ID);
  }

  LegacyRequest id(int id) {
    return u8(ID, id);
  }

  int tag() {
    return u16(TAG);
  }

  LegacyRequest tag(int tag) {
    return u16(TAG, tag);
  }

  int pid() {
    return s32(PID);
  }

  LegacyRequest pid(int pid) {
    return s32(PID, pid);
  }
}
