// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

/** What a recording shows. */
public enum Role {
  /** The model was trained on it: its scores flatter the model. */
  TRAINING,
  /** Normal use that the model was not trained on. */
  NORMAL,
  /** Normal use with an attack in it. */
  ATTACK
}
