// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

/**
 * Offsets and numbers of {@code kernel/uapi/tagwatch_event.h}, where the meaning of each is
 * written. A test compares them with what the compiler makes of the header.
 *
 * <pre>
 *   0        8        16       24   28   32   36  38   40       48
 *   +--------+--------+--------+----+----+----+---+----+--------+
 *   | time   | seq    | start  |tid |tgid| id |tag|kind|features|
 *   +--------+--------+--------+----+----+----+---+----+--------+
 * </pre>
 */
final class Layout {
  static final int VERSION = 2;
  static final int RING_SLOTS = 128;
  static final int LINEAGE = 8;

  static final int KIND_EVENT = 0;
  static final int KIND_FORK = 1;
  static final int KIND_EXEC = 2;
  static final int KIND_EXIT = 3;
  static final int KIND_ADOPT = 4;
  static final int KIND_UNKNOWN_EXE = 5;
  static final int KIND_IMAGE = 6;

  static final int TASK_FORK = 1;
  static final int TASK_EXEC = 2;
  static final int TASK_EXIT = 3;

  static final int ORIGIN_FORKED = 0;
  static final int ORIGIN_EXECUTED = 1;
  static final int ORIGIN_ADOPTED = 2;

  static final int VERDICT_SUSPEND = 1;
  static final int VERDICT_KILL = 3;
  static final int PHASE_FULL = 0;
  static final int PHASE_STOPPING = 1;

  static final int EVENT_TIME = 0;
  static final int EVENT_SEQUENCE = 8;
  static final int EVENT_START = 16;
  static final int EVENT_TID = 24;
  static final int EVENT_TGID = 28;
  static final int EVENT_ID = 32;
  static final int EVENT_TAG = 36;
  static final int EVENT_KIND = 38;
  static final int EVENT_FEATURES = 40;
  static final int EVENT_SIZE = 48;
  static final int FEATURES_SIZE = 8;

  static final int TASK_EVENT_LEADER_START = EVENT_SIZE;
  static final int TASK_EVENT_PARENT_START = 56;
  static final int TASK_EVENT_PARENT_TID = 64;
  static final int TASK_EVENT_ORIGIN = 68;
  static final int TASK_EVENT_SIZE = 72;

  static final int FILE_SIZE = 40;

  static final int EXEC_FILE = TASK_EVENT_SIZE;
  static final int EXEC_OLD_TID = EXEC_FILE + FILE_SIZE;
  static final int EXEC_OLD_START = 120;
  static final int EXEC_OLD_SEQUENCE = 128;
  static final int EXEC_PATH = 136;
  static final int EXEC_SIZE = 264;
  static final int PATH_MAX = 128;

  static final int NOTICE_FILE = EVENT_SIZE;

  static final int SLOT_TIME = 0;
  static final int SLOT_ID = 8;
  static final int SLOT_FEATURES = 16;
  static final int SLOT_SIZE = 24;

  static final int STATE_START = 16;
  static final int STATE_LEADER_START = 24;
  static final int STATE_PARENT_START = 32;
  static final int STATE_TID = 40;
  static final int STATE_TGID = 44;
  static final int STATE_PARENT_TID = 48;
  static final int STATE_TAG = 52;
  static final int STATE_ORIGIN = 54;
  static final int STATE_EXITED = 56;
  static final int STATE_LINEAGE = 64;
  static final int STATE_SLOTS = STATE_LINEAGE + 16 * LINEAGE;
  static final int STATE_SIZE = STATE_SLOTS + SLOT_SIZE * RING_SLOTS;

  static final int IMAGE_STATE = EVENT_SIZE;
  static final int IMAGE_FETCHED_BEFORE = IMAGE_STATE + STATE_SIZE;
  static final int IMAGE_SEQUENCE_AFTER = IMAGE_FETCHED_BEFORE + 8;
  static final int IMAGE_SIZE = IMAGE_SEQUENCE_AFTER + 8;

  static final int PROCESS_TGID = 0;
  static final int PROCESS_START = 8;
  static final int PROCESS_SIZE = 16;

  static final int VERDICT_KIND = 0;
  static final int VERDICT_SCOPE = 4;
  static final int VERDICT_PHASE = 8;
  static final int VERDICT_TAG = 12;
  static final int VERDICT_SINCE = 16;
  static final int VERDICT_ORIGIN = 24;
  static final int VERDICT_SIZE = 40;

  static final int CONTROL_LAYOUT = 0;
  static final int CONTROL_MODE = 4;
  static final int CONTROL_VERDICTS = 8;
  static final int CONTROL_AGENT_TGID = 12;
  static final int CONTROL_CPUS = 20;
  static final int CONTROL_WANTED_FD = 24;
  static final int CONTROL_AGENT_START = 32;
  static final int CONTROL_SLEEPING = 64;
  static final int CONTROL_ACCOUNT = 128;
  static final int CONTROL_LOST_SEEN = 160;
  static final int CONTROL_SIZE = 192;
  static final int ACCOUNT_POSITION = 0;
  static final int ACCOUNT_CONSUMED = 8;
  static final int ACCOUNT_SIZE = 16;

  static final int SLEEP_NONE = 0;
  static final int SLEEP_ANY = 1;
  static final int SLEEP_UNFAMILIAR = 2;

  static final int FAMILIAR_SIZE = 1 << 16;

  static final int COUNTERS_EMITTED = 0;
  static final int COUNTERS_LOST = 8;
  static final int COUNTERS_STORAGE_FAILURES = 24;
  static final int COUNTERS_VERDICT_HITS = 32;
  static final int COUNTERS_TASKS = 40;
  static final int COUNTERS_LOST_ENDS = 56;
  static final int COUNTERS_SIZE = 128;

  /** {@code tw_familiar_bit()}: where it is noted that this hook after that one is ordinary. */
  static int familiarBit(int tag, int previous, int hook) {
    long pair = (Integer.toUnsignedLong(previous) << 32 | Integer.toUnsignedLong(hook));
    return (int) (((pair ^ (tag * 0xc2b2ae3d27d4eb4fL)) * 0x9e3779b97f4a7c15L) >>> 45);
  }

  private Layout() {}
}
