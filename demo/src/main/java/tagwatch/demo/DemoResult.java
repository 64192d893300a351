// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;

/**
 * What the demo showed. In JSON each name is written in lower case with underscores.
 *
 * @param backend {@code ebpf-syscall} or {@code replay}
 * @param tag of the server that is attacked
 * @param modelHash SHA-256 of its model's content
 * @param training what its model was learned from
 * @param threshold of its model, nats
 * @param benign the test with benign traffic, on that server
 * @param attack the attacks
 * @param serverAliveAfter whether both servers ran and answered after the last attack
 * @param emitted events that the kernel counted, of both tags; with the five below, from the start
 *     of the protecting agent to the end of the attacks
 * @param delivered events that the player accepted
 * @param scored events that got a score
 * @param lost events that the player never saw
 * @param unknown events that will never get a score
 * @param waiting events that had none when counted
 * @param startToFirstScoreMs from the start of the protecting agent to its first score
 * @param rssKb resident memory of the protecting agent after the attacks
 * @param rssPeakKb the most that it ever had
 * @param other the server beside it
 * @param books the accounting, tag by tag
 * @param identities whether the accounting adds up
 * @param control the same attack with nobody stopping it
 * @param untrained the program that training never ran
 * @param swap the swaps in the middle of the attacks; null if there were none
 * @param seed of the traffic
 * @param tookMs of the whole demo
 */
public record DemoResult(
    String backend,
    int tag,
    String modelHash,
    Training training,
    Double threshold,
    Benign benign,
    Attack attack,
    boolean serverAliveAfter,
    long emitted,
    long delivered,
    long scored,
    long lost,
    long unknown,
    long waiting,
    long startToFirstScoreMs,
    long rssKb,
    long rssPeakKb,
    Other other,
    List<TagBooks> books,
    Identities identities,
    Control control,
    Untrained untrained,
    Swap swap,
    long seed,
    long tookMs) {
  private static final Gson JSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .serializeNulls()
          .disableHtmlEscaping()
          .create();

  /**
   * What a model was learned from.
   *
   * @param events in the recording
   * @param processes in the recording
   * @param requests that caused them
   * @param saturated whether hardly anything new came at the end
   * @param thresholdSetter the process that set the threshold
   */
  public record Training(
      long events, long processes, long requests, boolean saturated, String thresholdSetter) {}

  /**
   * Benign traffic that training did not contain.
   *
   * @param requests sent
   * @param processes that they caused
   * @param falseAlarms alerts that they raised
   * @param failed requests that were not answered as they should
   */
  public record Benign(long requests, long processes, long falseAlarms, long failed) {
    Benign plus(long moreRequests, long moreFailed) {
      return new Benign(requests + moreRequests, processes, falseAlarms, failed + moreFailed);
    }

    Benign withFalseAlarms(long alarms) {
      return new Benign(requests, processes, alarms, failed);
    }
  }

  /**
   * The attacks; measures in time order of the runs, without those not detected.
   *
   * @param runs how many
   * @param detected runs with an alert
   * @param blocked runs in which a verdict ended the shell before its last command
   * @param commandsCompleted of five, one for each run
   * @param eventsToBlock median over the runs of the attacked process's own events up to the one
   *     that crossed the threshold; null if none was detected
   * @param eventsToBlockRuns the same, run by run
   * @param eventToVerdictUs microseconds from that event, by the kernel's clock, to the verdict
   * @param eventToKillUs microseconds from that event to the process's end
   * @param callsAfter system calls that the process made after that event
   */
  public record Attack(
      int runs,
      int detected,
      int blocked,
      List<Integer> commandsCompleted,
      Double eventsToBlock,
      List<Long> eventsToBlockRuns,
      Percentiles eventToVerdictUs,
      Percentiles eventToKillUs,
      Percentiles callsAfter) {}

  /**
   * The server beside the attacked one: another tag, model and threshold rule.
   *
   * @param tag its tag
   * @param modelHash SHA-256 of its model's content
   * @param training what its model was learned from
   * @param threshold of its model, nats
   * @param benign its traffic, alone and during the attacks
   */
  public record Other(
      int tag, String modelHash, Training training, Double threshold, Benign benign) {}

  /**
   * One tag's accounting.
   *
   * @param tag the tag
   * @param delivered events accepted
   * @param scored events with a score
   * @param unknown events that never get one
   * @param waiting events without one yet
   */
  public record TagBooks(int tag, long delivered, long scored, long unknown, long waiting) {}

  /**
   * Whether the accounting adds up.
   *
   * @param transport emitted = delivered + lost (+ uncovered)
   * @param player delivered = scored + unknown + waiting, for each tag
   */
  public record Identities(boolean transport, boolean player) {}

  /**
   * The attack with nobody stopping it: shows that it works.
   *
   * @param commandsCompleted of five
   */
  public record Control(int commandsCompleted) {}

  /**
   * What an incomplete recording costs.
   *
   * @param requests to the program that training never ran
   * @param alarms requests that raised an alert
   */
  public record Untrained(int requests, int alarms) {}

  /**
   * The engine's bundle was replaced in the middle of each attack.
   *
   * @param runs attacks with a swap
   * @param during of them: the swap was under way between the attacker's request and the end of
   *     what it started
   * @param engine of the attacked tag at the end
   * @param tookMs milliseconds of each swap, from the order until the new version scored
   */
  public record Swap(int runs, int during, String engine, List<Double> tookMs) {}

  /** One line of JSON. */
  public String toJson() {
    return JSON.toJson(this);
  }

  /** The opposite of {@link #toJson()}. */
  static DemoResult fromJson(String json) {
    return JSON.fromJson(json, DemoResult.class);
  }

  /** 0 if the demo showed what it promises, else 1. */
  public int exitCode() {
    boolean stopped =
        backend.equals("replay")
            ? attack.detected() == attack.runs()
            : attack.blocked() == attack.runs() && serverAliveAfter;
    boolean quiet = benign.falseAlarms() == 0 && other.benign().falseAlarms() == 0;
    return stopped && quiet && identities.transport() && identities.player() ? 0 : 1;
  }
}
