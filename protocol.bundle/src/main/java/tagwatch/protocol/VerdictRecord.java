// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.TaskKey;

/**
 * {@code struct twn_verdict}.
 *
 * <pre>
 *   0      2      4       6   8         12            16                 24
 *   +------+------+-------+---+---------+-------------+------------------+
 *   | size | kind | scope | 0 | tgid    | origin tgid | start time       |
 *   +------+------+-------+---+---------+-------------+------------------+
 *   | origin start (24)       | since (32)            | hooks (40, 64)   |  104
 *   +-------------------------+-----------------------+------------------+
 * </pre>
 */
final class VerdictRecord extends Flyweight<VerdictRecord> {
  static final int RECORD_SIZE = 0;
  static final int KIND = RECORD_SIZE + Short.BYTES;
  static final int SCOPE = KIND + Short.BYTES;
  static final int TGID = SCOPE + 2 * Short.BYTES;
  static final int ORIGIN_TGID = TGID + Integer.BYTES;
  static final int START_TIME = ORIGIN_TGID + Integer.BYTES;
  static final int ORIGIN_START = START_TIME + Long.BYTES;
  static final int SINCE = ORIGIN_START + Long.BYTES;
  static final int HOOKS = SINCE + Long.BYTES;
  static final int SIZE = HOOKS + Protocol.HOOK_WORDS * Long.BYTES;

  VerdictRecord() {
    super(SIZE);
  }

  @Override
  VerdictRecord clear(UnsafeBuffer bytes, int at) {
    return super.clear(bytes, at).u16(RECORD_SIZE, SIZE);
  }

  int kind() {
    return u16(KIND);
  }

  VerdictRecord kind(int kind) {
    return u16(KIND, kind);
  }

  int scope() {
    return u16(SCOPE);
  }

  VerdictRecord scope(int scope) {
    return u16(SCOPE, scope);
  }

  TaskKey process() {
    return Keys.task(s32(TGID), s64(START_TIME));
  }

  VerdictRecord process(int tgid, long startTime) {
    return s32(TGID, tgid).s64(START_TIME, startTime);
  }

  TaskKey origin() {
    return Keys.task(s32(ORIGIN_TGID), s64(ORIGIN_START));
  }

  VerdictRecord origin(int tgid, long startTime) {
    return s32(ORIGIN_TGID, tgid).s64(ORIGIN_START, startTime);
  }

  long sinceNs() {
    return s64(SINCE);
  }

  VerdictRecord sinceNs(long since) {
    return s64(SINCE, since);
  }
}
