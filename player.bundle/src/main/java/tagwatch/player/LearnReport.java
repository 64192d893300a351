// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What was learned.
 *
 * @param version of the model
 * @param folder that holds it
 * @param sha256 of the model's content
 * @param bytes size of the model's content
 * @param events events learned from
 * @param processes thread groups learned from
 * @param tasks tasks learned from
 * @param classes classes of the model, the one for everything else included
 * @param window events of context
 * @param threshold nats
 * @param rule that gave it
 * @param thresholdSetter the process whose score set the threshold
 * @param highest highest score over the training data, scored by the model itself, nats
 * @param heldOut highest score over held-out parts, nats
 * @param heldOutLoss mean surprise of the events of one held-out part, nats: how well what was not
 *     learned is predicted
 * @param markovLoss the same of a Markov model that learned the same part
 * @param heldOutEvents over how many events both are
 * @param novelty new n-grams per 1,000 events in each tenth of the recording, in time order
 * @param saturated whether hardly anything new came at the end
 * @param remarks what a person should know before enforcing
 * @param provenance what the learner noted, e.g. seed and loss of each pass
 * @param tookMs milliseconds
 * @param peakKb most resident memory of the process until the end, in KiB; 0 if unknown
 */
public record LearnReport(
    String version,
    Path folder,
    String sha256,
    long bytes,
    long events,
    int processes,
    int tasks,
    int classes,
    int window,
    float threshold,
    String rule,
    ThresholdSetter thresholdSetter,
    float highest,
    float heldOut,
    float heldOutLoss,
    float markovLoss,
    long heldOutEvents,
    List<Double> novelty,
    boolean saturated,
    List<String> remarks,
    Map<String, String> provenance,
    long tookMs,
    long peakKb) {

  /**
   * The process whose score set the threshold.
   *
   * @param processId its process id at the time
   * @param executable what it ran
   * @param events how many events it had
   * @param atEvent its own count of the event with the highest score
   * @param score nats
   * @param surprising the events around it that surprised most, with their surprise
   */
  public record ThresholdSetter(
      int processId,
      String executable,
      long events,
      long atEvent,
      float score,
      List<String> surprising) {
    /** Copies the list. */
    public ThresholdSetter {
      surprising = List.copyOf(surprising);
    }
  }

  /** Copies the collections. */
  public LearnReport {
    novelty = List.copyOf(novelty);
    remarks = List.copyOf(remarks);
    provenance = Map.copyOf(provenance);
  }
}
