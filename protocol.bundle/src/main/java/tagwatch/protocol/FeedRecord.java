// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.event.TaskKey;

/**
 * {@code struct twn_record}, and {@code twn_start} and {@code twn_exec} that begin with it.
 *
 * <pre>
 *   0      2      4      6          8         12        16                 24
 *   +------+------+------+----------+---------+---------+------------------+
 *   | size | kind | hook | features | tid     | tgid    | start time       |
 *   +------+------+------+----------+---------+---------+------------------+
 *   | sequence (24)                 | time (32)         |  40
 *   +-------------------------------+-------------------+
 *
 *   event:  features, 16 bit each, padded to 8 bytes
 *   start:  leader start (40) | parent start (48) | parent tid (56) | tag (60) | origin (62)     64
 *   exec:   old tid (40) | 0 | old start (48) | old sequence (56) | path (64, 128 bytes)         192
 * </pre>
 */
final class FeedRecord extends Flyweight<FeedRecord> {
  static final int EVENT = 0;
  static final int START = 1;
  static final int EXEC = 2;
  static final int EXIT = 3;
  static final int READY = 4;

  static final int RECORD_SIZE = 0;
  static final int KIND = RECORD_SIZE + Short.BYTES;
  static final int HOOK = KIND + Short.BYTES;
  static final int FEATURES = HOOK + Short.BYTES;
  static final int TID = FEATURES + Short.BYTES;
  static final int TGID = TID + Integer.BYTES;
  static final int START_TIME = TGID + Integer.BYTES;
  static final int SEQUENCE = START_TIME + Long.BYTES;
  static final int TIME = SEQUENCE + Long.BYTES;
  static final int SIZE = TIME + Long.BYTES;

  static final int LEADER_START = SIZE;
  static final int PARENT_START = LEADER_START + Long.BYTES;
  static final int PARENT_TID = PARENT_START + Long.BYTES;
  static final int TAG = PARENT_TID + Integer.BYTES;
  static final int ORIGIN = TAG + Short.BYTES;
  static final int START_SIZE = ORIGIN + Short.BYTES;

  static final int OLD_TID = SIZE;
  static final int OLD_START = OLD_TID + 2 * Integer.BYTES;
  static final int OLD_SEQUENCE = OLD_START + Long.BYTES;
  static final int PATH = OLD_SEQUENCE + Long.BYTES;
  static final int EXEC_SIZE = PATH + Protocol.PATH_MAX;

  FeedRecord() {
    super(SIZE);
  }

  /** As {@link Flyweight#wrap}; what its kind needs has to be there too. */
  @Override
  FeedRecord wrap(UnsafeBuffer bytes, int at, int available) {
    super.wrap(bytes, at, available);
    switch (kind()) {
      case EVENT -> require(SIZE + (long) features() * Short.BYTES);
      case START -> require(START_SIZE);
      case EXEC -> require(EXEC_SIZE);
      default -> {
        // the fixed part is enough; kinds that are not known yet are passed over
      }
    }
    return this;
  }

  static int sizeOf(int kind, int features) {
    return switch (kind) {
      case EVENT -> SIZE + (features * Short.BYTES + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
      case START -> START_SIZE;
      case EXEC -> EXEC_SIZE;
      default -> SIZE;
    };
  }

  /** Starts a record; all other fields are 0. */
  FeedRecord begin(UnsafeBuffer bytes, int at, int kind, int features) {
    int size = sizeOf(kind, features);
    bytes.setMemory(at, size, (byte) 0);
    return super.wrap(bytes, at, size)
        .u16(RECORD_SIZE, size)
        .u16(KIND, kind)
        .u16(FEATURES, features);
  }

  int size() {
    return u16(RECORD_SIZE);
  }

  int kind() {
    return u16(KIND);
  }

  int hook() {
    return u16(HOOK);
  }

  FeedRecord hook(int hook) {
    return u16(HOOK, hook);
  }

  int features() {
    return u16(FEATURES);
  }

  int featuresOffset() {
    return offset() + SIZE;
  }

  int feature(int number) {
    return u16(SIZE + number * Short.BYTES);
  }

  FeedRecord feature(int number, int value) {
    return u16(SIZE + number * Short.BYTES, value);
  }

  int tid() {
    return s32(TID);
  }

  int tgid() {
    return s32(TGID);
  }

  FeedRecord tgid(int tgid) {
    return s32(TGID, tgid);
  }

  long startTime() {
    return s64(START_TIME);
  }

  TaskKey task() {
    return Keys.task(tid(), startTime());
  }

  FeedRecord task(int tid, long startTime) {
    return s32(TID, tid).s64(START_TIME, startTime);
  }

  long sequence() {
    return s64(SEQUENCE);
  }

  FeedRecord sequence(long sequence) {
    return s64(SEQUENCE, sequence);
  }

  long timeNs() {
    return s64(TIME);
  }

  FeedRecord timeNs(long time) {
    return s64(TIME, time);
  }

  /** Of a start: the leader. */
  TaskKey process() {
    return Keys.task(tgid(), s64(LEADER_START));
  }

  FeedRecord leaderStart(long time) {
    return s64(LEADER_START, time);
  }

  /** Of a start; null if it has no tagged parent. */
  TaskKey parent() {
    return s32(PARENT_TID) == 0 ? null : Keys.task(s32(PARENT_TID), s64(PARENT_START));
  }

  FeedRecord parent(int tid, long startTime) {
    return s32(PARENT_TID, tid).s64(PARENT_START, startTime);
  }

  int tag() {
    return u16(TAG);
  }

  FeedRecord tag(int tag) {
    return u16(TAG, tag);
  }

  int origin() {
    return u16(ORIGIN);
  }

  FeedRecord origin(int origin) {
    return u16(ORIGIN, origin);
  }

  /** Of an exec; 0 if the leader called. */
  int oldTid() {
    return s32(OLD_TID);
  }

  long oldStart() {
    return s64(OLD_START);
  }

  long oldSequence() {
    return s64(OLD_SEQUENCE);
  }

  FeedRecord old(int tid, long startTime, long sequence) {
    return s32(OLD_TID, tid).s64(OLD_START, startTime).s64(OLD_SEQUENCE, sequence);
  }

  String path() {
    return text(PATH, Protocol.PATH_MAX);
  }

  FeedRecord path(String path) {
    return text(PATH, Protocol.PATH_MAX, path);
  }
}
