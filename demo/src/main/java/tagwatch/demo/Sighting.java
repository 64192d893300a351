// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * An alert as the agent's shell tells it.
 *
 * @param id counts up from 1
 * @param tag of the process
 * @param wallClockMs when it was raised
 * @param pid process id
 * @param program what it runs
 * @param score nats
 * @param threshold nats
 * @param sequence the task's own count of the event that crossed the threshold
 * @param timestampNs of that event, since boot
 * @param decidedNs when the verdict was in force, since boot
 * @param exitedNs end of the task, since boot; empty while it lives
 * @param callsAfter that the task made after that event; empty while it lives
 * @param ordered whether the verdict was more than an alert
 * @param blocked whether the transport said that it stopped the process
 * @param verdict what was decided and what came of it
 * @param scores over the task's last events, oldest first
 */
record Sighting(
    long id,
    int tag,
    long wallClockMs,
    long pid,
    String program,
    double score,
    double threshold,
    long sequence,
    long timestampNs,
    long decidedNs,
    OptionalLong exitedNs,
    OptionalLong callsAfter,
    boolean ordered,
    boolean blocked,
    String verdict,
    List<Double> scores) {

  static Sighting of(JsonObject alert) {
    JsonObject detection = alert.getAsJsonObject("detection");
    JsonObject enforcement = alert.getAsJsonObject("enforcement");
    String verdict = flat(alert.get("verdict"));
    boolean ordered = !verdict.contains("alert");
    String outcome = flat(enforcement.get("outcome"));
    String path = detection.getAsJsonObject("executable").get("path").getAsString();
    return new Sighting(
        alert.get("id").getAsLong(),
        detection.get("tag").getAsInt(),
        alert.get("wallClockMs").getAsLong(),
        detection.getAsJsonObject("process").get("threadId").getAsLong(),
        path.substring(path.lastIndexOf('/') + 1),
        real(detection.get("score")),
        real(detection.get("threshold")),
        alert.get("sequence").getAsLong(),
        detection.get("timestampNs").getAsLong(),
        alert.get("decidedNs").getAsLong(),
        number(alert.get("exitedNs")),
        number(alert.get("callsAfter")),
        ordered,
        ordered && outcome.contains("done"),
        verdict + ", " + outcome,
        doubles(alert.get("scores")));
  }

  private static String flat(JsonElement element) {
    if (element != null && element.isJsonObject()) {
      JsonObject parts = element.getAsJsonObject();
      return flat(parts.get("kind")) + "/" + flat(parts.get("scope"));
    }
    return element == null ? "" : element.getAsString().toLowerCase(Locale.ROOT);
  }

  private static OptionalLong number(JsonElement element) {
    return element == null || element.isJsonNull()
        ? OptionalLong.empty()
        : OptionalLong.of(element.getAsLong());
  }

  /** JSON has no NaN: a score that does not exist is null. */
  private static double real(JsonElement element) {
    return element.isJsonNull() ? Double.NaN : element.getAsDouble();
  }

  private static List<Double> doubles(JsonElement element) {
    List<Double> values = new ArrayList<>();
    for (JsonElement value : element.getAsJsonArray()) {
      values.add(real(value));
    }
    return values;
  }

  /** For a person, in the manner of the white paper's MLE player. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%s process: %d (tag %d, %s, score %.2f above %.2f at its event %d; %s)",
        blocked ? "Block" : "Alert for",
        pid,
        tag,
        program,
        score,
        threshold,
        sequence,
        verdict);
  }
}
