// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * A reply of 2020, {@code struct twn_2020_reply}.
 *
 * <pre>
 *   0    2   4         8          10  12        16                    272
 *   +----+---+---------+----------+---+---------+---------------------+
 *   | id | 0 | seed    | sequence | 0 | pid     | payload (128 x 16)  |
 *   +----+---+---------+----------+---+---------+---------------------+
 * </pre>
 */
final class LegacyReply extends Flyweight<LegacyReply> {
  static final int FEED = 3;
  static final int ADD_PROCESS = 6;
  static final int DELETE_PROCESS = 7;

  static final int ID = 0;
  static final int SEED = ID + 2 * Short.BYTES;
  static final int SEQUENCE = SEED + Integer.BYTES;
  static final int PID = SEQUENCE + 2 * Short.BYTES;
  static final int PAYLOAD = PID + Integer.BYTES;
  static final int SIZE = PAYLOAD + Protocol.RING_SLOTS * Short.BYTES;

  LegacyReply() {
    super(SIZE);
  }

  int id() {
    return u16(ID);
  }

  LegacyReply id(int id) {
    return u16(ID, id);
  }

  int seed() {
    return s32(SEED);
  }

  LegacyReply seed(int seed) {
    return s32(SEED, seed);
  }

  int sequence() {
    return u16(SEQUENCE);
  }

  LegacyReply sequence(int sequence) {
    return u16(SEQUENCE, sequence);
  }

  int pid() {
    return s32(PID);
  }

  LegacyReply pid(int pid) {
    return s32(PID, pid);
  }

  int payload(int index) {
    return u16(PAYLOAD + index * Short.BYTES);
  }

  LegacyReply payload(int index, int value) {
    return u16(PAYLOAD + index * Short.BYTES, value);
  }

  /** Of ADD PROCESS and DELETE PROCESS: the process; the pid field may hold something else. */
  int payloadPid() {
    return s32(PAYLOAD);
  }

  LegacyReply payloadPid(int pid) {
    return s32(PAYLOAD, pid);
  }
}
