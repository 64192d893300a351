// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.List;
import java.util.Map;

/**
 * What the attack suite showed. In JSON each name is written in lower case with underscores.
 *
 * @param models that were fixed before the first attack
 * @param stideLimit unseen windows of the last 20 that STIDE tolerates
 * @param benign traffic that training did not contain
 * @param attacks by name
 * @param lost events that no agent saw, over all attacks
 * @param seed of the traffic
 * @param tookMs of the whole suite
 */
public record SuiteResult(
    List<FrozenModel> models,
    int stideLimit,
    Benign benign,
    List<AttackRow> attacks,
    long lost,
    long seed,
    long tookMs) {
  private static final Gson JSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .serializeNulls()
          .disableHtmlEscaping()
          .create();

  /**
   * A model.
   *
   * @param method its name in the table
   * @param tag whose tasks it scores
   * @param version of the model
   * @param modelHash SHA-256 of its content
   * @param threshold nats
   * @param rule how the threshold was found
   */
  public record FrozenModel(
      String method, int tag, String version, String modelHash, double threshold, String rule) {}

  /**
   * Benign traffic.
   *
   * @param requests sent
   * @param tasks that they caused
   * @param falseAlarms by method
   */
  public record Benign(long requests, long tasks, Map<String, Long> falseAlarms) {}

  /**
   * An attack.
   *
   * @param name of it
   * @param what it does
   * @param goals that the attacker has in each run
   * @param methods judged on it
   */
  public record AttackRow(String name, String what, int goals, List<MethodCell> methods) {}

  /**
   * What a method made of an attack.
   *
   * @param method model or baseline
   * @param runs how many
   * @param caught runs with an alarm
   * @param missed runs without
   * @param eventsToAlarm median of the alarming task's own events up to the alarm; null if none
   * @param commandsCompleted goals reached, run by run; a baseline stops nothing, so that all are
   *     those of the runs that it watched
   */
  public record MethodCell(
      String method,
      int runs,
      int caught,
      int missed,
      Double eventsToAlarm,
      List<Integer> commandsCompleted) {}

  /** One line of JSON. */
  public String toJson() {
    return JSON.toJson(this);
  }
}
