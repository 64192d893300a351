// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import tagwatch.event.Verdict;
import tagwatch.player.Gate;
import tagwatch.policy.Detection;
import tagwatch.transport.Enforcement;

/**
 * A detection on its way to a verdict. How far it has come stands here, so that another thread can
 * go on with it if the one that has it does not come back from a provider.
 */
final class Case {
  /** What is to be done next. */
  enum Stage {
    DECIDE,
    ENFORCE,
    ENFORCE_ON_CHILDREN,
    TELL
  }

  final Detection.Cause cause;
  final Session session;
  final long at;
  final ScorerBinding by;
  final AnomalyDetection detection;

  /** Whether it was judged before and the task went on. */
  final boolean again;

  Stage stage = Stage.DECIDE;
  Gate gate = Gate.MONITOR;
  Verdict verdict = Verdict.ALERT;
  Enforcement enforcement;
  long decidedNs;

  Case(
      Detection.Cause cause,
      Session session,
      long at,
      ScorerBinding by,
      AnomalyDetection detection,
      boolean again) {
    this.cause = cause;
    this.session = session;
    this.at = at;
    this.by = by;
    this.detection = detection;
    this.again = again;
  }
}
