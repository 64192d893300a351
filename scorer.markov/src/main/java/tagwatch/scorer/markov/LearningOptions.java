// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import tagwatch.scorer.ModelException;

/**
 * What a model is to be like.
 *
 * @param order events of context
 * @param smoothing how counts become probabilities
 */
record LearningOptions(int order, Smoothing smoothing) {
  private static final String ORDER = "order";
  private static final String SMOOTHING = "smoothing";
  private static final LearningOptions DEFAULT = new LearningOptions(5, Smoothing.WITTEN_BELL);
  private static final Refusals REFUSALS = new Refusals("learning options");

  /** Meaning, default and range of each option. */
  static Map<String, String> described() {
    Map<String, String> described = new LinkedHashMap<>();
    described.put(
        ORDER, "events of context, 1-" + MarkovModel.MOST_ORDER + " (" + DEFAULT.order + ")");
    described.put(
        SMOOTHING,
        "how unseen n-grams get a probability, "
            + String.join(" or ", Smoothing.labels())
            + " ("
            + DEFAULT.smoothing.label()
            + ")");
    return described;
  }

  static LearningOptions parse(Map<String, String> options) throws ModelException {
    for (String name : new TreeSet<>(options.keySet())) {
      REFUSALS.require(
          described().containsKey(name), name, options.get(name), described().keySet());
    }
    return new LearningOptions(
        order(options.getOrDefault(ORDER, Integer.toString(DEFAULT.order))),
        smoothing(options.getOrDefault(SMOOTHING, DEFAULT.smoothing.label())));
  }

  private static int order(String value) throws ModelException {
    // A pattern, because parseInt would also take "+5" and digits of other scripts.
    REFUSALS.require(
        value.matches("[1-" + MarkovModel.MOST_ORDER + "]"),
        ORDER,
        value,
        "1.." + MarkovModel.MOST_ORDER);
    return Integer.parseInt(value);
  }

  private static Smoothing smoothing(String value) throws ModelException {
    return Smoothing.ofLabel(value)
        .orElseThrow(() -> REFUSALS.refusal(SMOOTHING, value, Smoothing.labels()));
  }
}
