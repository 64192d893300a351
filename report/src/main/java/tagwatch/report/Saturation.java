// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.util.List;

/**
 * How much new the training recordings brought as they went on.
 *
 * @param known whether it is known
 * @param saturated whether hardly anything new came at the end
 * @param perThousand new n-grams per 1,000 events in each tenth
 */
public record Saturation(boolean known, boolean saturated, List<Double> perThousand) {
  static final Saturation UNKNOWN = new Saturation(false, false, List.of());

  /** New n-grams per 1,000 events in the last two tenths that a saturated recording has at most. */
  static final double LIMIT = 2.0;

  /** Copies the list. */
  public Saturation {
    perThousand = List.copyOf(perThousand);
  }

  /** What the model's learner wrote down; else what the training recording shows. */
  static Saturation of(Rehearsed.Model model, List<Subject> subjects) {
    List<Double> told = Loss.numbers(model.provenance().get("novelty"));
    if (!told.isEmpty()) {
      return of(told);
    }
    List<Subject> training = subjects.stream().filter(s -> s.role() == Role.TRAINING).toList();
    // of several recordings, each for itself begins anew
    return training.size() == 1 ? of(training.get(0).recording().novelty()) : UNKNOWN;
  }

  private static Saturation of(List<Double> perThousand) {
    int parts = perThousand.size();
    boolean saturated =
        parts >= 2 && perThousand.get(parts - 1) <= LIMIT && perThousand.get(parts - 2) <= LIMIT;
    return new Saturation(true, saturated, perThousand);
  }

  double last() {
    return perThousand.get(perThousand.size() - 1);
  }
}
