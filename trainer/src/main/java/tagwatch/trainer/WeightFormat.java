// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.Locale;

/** How weights are written. */
enum WeightFormat {
  /** 32 bits. */
  FLOAT(2e-3f),
  /**
   * 8 bits with a scale for each filter or dense layer; what flows between the layers stays float.
   */
  INT8(0.25f);

  private final float tolerance;

  WeightFormat(float tolerance) {
    this.tolerance = tolerance;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Difference of a probability up to which a written model counts as the learned one. */
  float tolerance() {
    return tolerance;
  }
}
