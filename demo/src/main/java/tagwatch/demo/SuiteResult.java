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
 * @param soak long benign traffic; null if none was asked for
 * @param attacks by name
 * @param lost events that no agent saw, over all attacks
 * @param seed of the traffic
 * @param tookMs of the whole suite
 */
public record SuiteResult(
    List<FrozenModel> models,
    int stideLimit,
    Benign benign,
    SoakRow soak,
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
   * Long benign traffic with what happens to a server besides.
   *
   * @param requests sent
   * @param failed requests that were not answered as they should
   * @param events scored meanwhile
   * @param restarts of the server
   * @param reloads of its configuration
   * @param rotations of its log
   * @param bursts of many visitors at once
   * @param idleHours hours without a request; one in which no event comes is the same as a moment
   *     in which none comes, so each was a moment, and that no event came was counted
   * @param idleEvents events that came in them after all
   * @param deviceHours that the traffic took, without the idle ones
   * @param alarms raised
   * @param alarmsPerRequest their share
   * @param alarmsPerRequestUpper exact upper bound of the share, 95 %, one-sided (Clopper-Pearson)
   * @param alarmsPerDeviceHour their rate
   * @param alarmsPerDeviceHourUpper exact upper bound of the rate, 95 %, one-sided (Poisson)
   * @param baselineAlarms tasks of the same traffic that a baseline would have raised one for
   */
  public record SoakRow(
      long requests,
      long failed,
      long events,
      int restarts,
      int reloads,
      int rotations,
      int bursts,
      int idleHours,
      long idleEvents,
      double deviceHours,
      long alarms,
      double alarmsPerRequest,
      double alarmsPerRequestUpper,
      double alarmsPerDeviceHour,
      double alarmsPerDeviceHourUpper,
      Map<String, Long> baselineAlarms) {}

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

  /** 0 if a soak, where there was one, raised no alarm, else 1. */
  public int exitCode() {
    return soak == null || soak.alarms() == 0 ? 0 : 1;
  }
}
