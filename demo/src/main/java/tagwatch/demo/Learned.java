// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;

/**
 * A learned model as the learn command reports it.
 *
 * @param tag the tag
 * @param version names it
 * @param hash SHA-256 of its content
 * @param threshold nats
 * @param remarks what a person should know
 * @param training what it was learned from
 */
record Learned(
    int tag,
    String version,
    String hash,
    double threshold,
    String remarks,
    DemoResult.Training training) {

  static Learned of(int tag, JsonObject report, long requests) {
    DemoResult.Training training =
        new DemoResult.Training(
            report.get("events").getAsLong(),
            report.get("processes").getAsLong(),
            requests,
            report.get("saturated").getAsBoolean(),
            setter(report.get("thresholdSetter")));
    return new Learned(
        tag,
        report.get("version").getAsString(),
        report.get("sha256").getAsString(),
        // the shortest decimal of the float that the model holds, not its expansion as a double
        Double.parseDouble(report.get("threshold").getAsString()),
        report.get("remarks").getAsJsonArray().toString(),
        training);
  }

  private static String setter(JsonElement element) {
    if (element == null || element.isJsonNull()) {
      return "";
    }
    JsonObject setter = element.getAsJsonObject();
    String program = setter.get("executable").getAsString();
    return String.format(
        Locale.ROOT,
        "process %d (%s, %d events) with %.3f nats at its event %d",
        setter.get("processId").getAsLong(),
        program.substring(program.lastIndexOf('/') + 1),
        setter.get("events").getAsLong(),
        setter.get("score").getAsDouble(),
        setter.get("atEvent").getAsLong());
  }

  /** Tells a person. */
  void tell(Narrator narrator, Lesson lesson) {
    narrator.say(
        "Model of tag %d: %s, sha256 %s%n"
            + "  learned from %d events of %d processes, %s, mean over %d events%n"
            + "  threshold %.3f nats by the rule %s, set by %s%n"
            + "  recording %s",
        tag,
        version,
        hash,
        training.events(),
        training.processes(),
        lesson.context(),
        lesson.rolling(),
        threshold,
        lesson.rule(),
        training.thresholdSetter(),
        training.saturated() ? "saturated: hardly anything new at its end" : "NOT saturated");
  }
}
