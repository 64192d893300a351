// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Loss of a model that was trained in epochs, as its provenance tells it.
 *
 * @param training loss on the training data after each epoch
 * @param heldOut loss on held-out data after each epoch
 */
public record Loss(List<Double> training, List<Double> heldOut) {
  /** Copies the lists. */
  public Loss {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  static Loss of(Map<String, String> provenance) {
    return new Loss(
        numbers(provenance.get("loss.training")), numbers(provenance.get("loss.heldOut")));
  }

  /** Whether there is anything to show; a model that counts has no epochs. */
  public boolean known() {
    return !training.isEmpty() || !heldOut.isEmpty();
  }

  /** The epoch, from 1, with the lowest held-out loss; 0 if it is not known. */
  public int bestEpoch() {
    int best = 0;
    for (int i = 0; i < heldOut.size(); i++) {
      best = best == 0 || heldOut.get(i) < heldOut.get(best - 1) ? i + 1 : best;
    }
    return best;
  }

  /** Numbers with commas between; nothing at all if any of them is none. */
  static List<Double> numbers(String text) {
    List<Double> numbers = new ArrayList<>();
    if (text == null || text.isBlank()) {
      return numbers;
    }
    for (String part : text.split(",", -1)) {
      try {
        double number = Double.parseDouble(part.strip());
        if (!Double.isFinite(number)) {
          return List.of();
        }
        numbers.add(number);
      } catch (NumberFormatException e) {
        return List.of();
      }
    }
    return numbers;
  }
}
