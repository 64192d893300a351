// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/**
 * {@code struct twn_verdict_request}.
 *
 * <pre>
 *   24        28     30      32                 40               104
 *   +---------+------+-------+------------------+----------------+
 *   | tid     | kind | scope | start time       | hooks (8 x 64) |
 *   +---------+------+-------+------------------+----------------+
 * </pre>
 */
final class VerdictRequest extends Request<VerdictRequest> {
  static final int TID = Request.SIZE;
  static final int KIND = TID + Integer.BYTES;
  static final int SCOPE = KIND + Short.BYTES;
  static final int START_TIME = SCOPE + Short.BYTES;
  static final int HOOKS = START_TIME + Long.BYTES;
  static final int SIZE = HOOKS + Protocol.HOOK_WORDS * Long.BYTES;

  VerdictRequest() {
    super(SIZE);
  }

  int tid() {
    return s32(TID);
  }

  VerdictRequest tid(int tid) {
    return s32(TID, tid);
  }

  int kind() {
    return u16(KIND);
  }

  VerdictRequest kind(int kind) {
    return u16(KIND, kind);
  }

  int scope() {
    return u16(SCOPE);
  }

  VerdictRequest scope(int scope) {
    return u16(SCOPE, scope);
  }

  long startTime() {
    return s64(START_TIME);
  }

  VerdictRequest startTime(long startTime) {
    return s64(START_TIME, startTime);
  }

  /** Whether a hook is listed; ids are below {@link Protocol#HOOKS_MAX}. */
  boolean hook(int id) {
    return (s64(HOOKS + id / Long.SIZE * Long.BYTES) >>> id & 1) != 0;
  }

  /** Lists a hook. */
  VerdictRequest addHook(int id) {
    int word = HOOKS + id / Long.SIZE * Long.BYTES;
    return s64(word, s64(word) | 1L << id);
  }
}
