// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import tagwatch.scorer.ModelException;

/**
 * Says what is wrong with a model or with a wish for one.
 *
 * @param origin what is judged, e.g. the path of the model
 */
record Refusals(String origin) {
  void require(boolean right, String field, Object found, Object allowed) throws ModelException {
    if (!right) {
      throw refusal(field, found, allowed);
    }
  }

  ModelException refusal(String field, Object found, Object allowed) {
    return new ModelException(origin + ": " + field + ": found " + found + ", allowed: " + allowed);
  }
}
