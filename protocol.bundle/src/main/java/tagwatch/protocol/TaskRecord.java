// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.TaskKey;

/**
 * {@code struct twn_task}.
 *
 * <pre>
 *   0      2       4     6        8         12        16                 24
 *   +------+-------+-----+--------+---------+---------+------------------+
 *   | size | flags | tag | origin | tid     | tgid    | start time       |
 *   +------+-------+-----+--------+---------+---------+------------------+
 *   | leader start (24)           | parent start (32) | parent tid | 0   |
 *   +-----------------------------+-------------------+------------+-----+
 *   | sequence (48)               | settled (56)      | time (64)        |  72
 *   +-----------------------------+-------------------+------------------+
 * </pre>
 */
final class TaskRecord extends Flyweight<TaskRecord> {
  static final int RECORD_SIZE = 0;
  static final int FLAGS = RECORD_SIZE + Short.BYTES;
  static final int TAG = FLAGS + Short.BYTES;
  static final int ORIGIN = TAG + Short.BYTES;
  static final int TID = ORIGIN + Short.BYTES;
  static final int TGID = TID + Integer.BYTES;
  static final int START_TIME = TGID + Integer.BYTES;
  static final int LEADER_START = START_TIME + Long.BYTES;
  static final int PARENT_START = LEADER_START + Long.BYTES;
  static final int PARENT_TID = PARENT_START + Long.BYTES;
  static final int SEQUENCE = PARENT_TID + 2 * Integer.BYTES;
  static final int SETTLED = SEQUENCE + Long.BYTES;
  static final int TIME = SETTLED + Long.BYTES;
  static final int SIZE = TIME + Long.BYTES;

  TaskRecord() {
    super(SIZE);
  }

  @Override
  TaskRecord clear(UnsafeBuffer bytes, int at) {
    return super.clear(bytes, at).u16(RECORD_SIZE, SIZE);
  }

  boolean exited() {
    return (u16(FLAGS) & Protocol.TASK_EXITED) != 0;
  }

  TaskRecord flags(int flags) {
    return u16(FLAGS, flags);
  }

  int tag() {
    return u16(TAG);
  }

  TaskRecord tag(int tag) {
    return u16(TAG, tag);
  }

  int origin() {
    return u16(ORIGIN);
  }

  TaskRecord origin(int origin) {
    return u16(ORIGIN, origin);
  }

  int tid() {
    return s32(TID);
  }

  long startTime() {
    return s64(START_TIME);
  }

  TaskKey task() {
    return Keys.task(s32(TID), s64(START_TIME));
  }

  TaskRecord task(int tid, long startTime) {
    return s32(TID, tid).s64(START_TIME, startTime);
  }

  TaskKey process() {
    return Keys.task(s32(TGID), s64(LEADER_START));
  }

  TaskRecord process(int tgid, long startTime) {
    return s32(TGID, tgid).s64(LEADER_START, startTime);
  }

  /** Null if it has no tagged parent. */
  TaskKey parent() {
    return s32(PARENT_TID) == 0 ? null : Keys.task(s32(PARENT_TID), s64(PARENT_START));
  }

  TaskRecord parent(int tid, long startTime) {
    return s32(PARENT_TID, tid).s64(PARENT_START, startTime);
  }

  long sequence() {
    return s64(SEQUENCE);
  }

  TaskRecord sequence(long sequence) {
    return s64(SEQUENCE, sequence);
  }

  long settled() {
    return s64(SETTLED);
  }

  TaskRecord settled(long settled) {
    return s64(SETTLED, settled);
  }

  long timeNs() {
    return s64(TIME);
  }

  TaskRecord timeNs(long time) {
    return s64(TIME, time);
  }
}
