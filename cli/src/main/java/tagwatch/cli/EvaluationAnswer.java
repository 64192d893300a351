// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an evaluation says, for scripts and for people. */
record EvaluationAnswer(JsonObject report) {

  /**
   * For scripts, one object a line: the scored traces first, then the comparison. Names are part of
   * the interface.
   */
  List<JsonObject> lines() {
    List<JsonObject> lines = new ArrayList<>();
    for (JsonElement element : report.getAsJsonArray("scores")) {
      JsonObject score = element.getAsJsonObject();
      JsonObject line = new JsonObject();
      line.add("name", score.get("name"));
      line.add("score", score.get("score"));
      line.add("max_online", score.get("maxOnline"));
      line.add("alarm", score.get("alarm"));
      line.add("alarm_online", score.get("alarmOnline"));
      lines.add(line);
    }
    if (compared()) {
      lines.add(summary());
    }
    return lines;
  }

  private boolean compared() {
    return report.get("comparison").isJsonObject();
  }

  private JsonObject summary() {
    JsonObject comparison = report.getAsJsonObject("comparison");
    JsonObject summary = new JsonObject();
    summary.add("method", report.get("method"));
    figures(quality(methods().get(0)))
        .entrySet()
        .forEach(e -> summary.add(e.getKey(), e.getValue()));
    summary.add("left_out_fpr", report.get("leftOutFpr"));
    summary.add("online_threshold", report.get("onlineThreshold"));
    summary.add("training", report.get("training"));
    summary.add("normal", comparison.get("normal"));
    summary.add("attack", comparison.get("attack"));
    summary.add("normal_copies_removed", comparison.get("normalCopies"));
    summary.add("attack_copies_removed", comparison.get("attackCopies"));
    JsonArray methods = new JsonArray();
    for (String name : methods()) {
      JsonObject method = new JsonObject();
      method.addProperty("method", name);
      figures(quality(name)).entrySet().forEach(e -> method.add(e.getKey(), e.getValue()));
      methods.add(method);
    }
    summary.add("methods", methods);
    summary.add("roc", comparison.get("curve"));
    return summary;
  }

  /** The runtime's names, as the output's: words with underscores. */
  private static JsonObject figures(JsonObject quality) {
    JsonObject figures = new JsonObject();
    for (Map.Entry<String, JsonElement> entry : quality.entrySet()) {
      String name = entry.getKey().replaceAll("([A-Z]|(?<!\\d)\\d)", "_$1");
      figures.add(name.toLowerCase(Locale.ROOT), entry.getValue());
    }
    return figures;
  }

  /** Names of the methods that were compared, the measured one first. */
  List<String> methods() {
    List<String> names = new ArrayList<>(List.of(report.get("method").getAsString()));
    report.getAsJsonObject("comparison").getAsJsonObject("methods").keySet().stream()
        .filter(name -> !names.contains(name))
        .forEach(names::add);
    return names;
  }

  private JsonObject quality(String method) {
    return report.getAsJsonObject("comparison").getAsJsonObject("methods").getAsJsonObject(method);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (JsonElement element : report.getAsJsonArray("scores")) {
      JsonObject score = element.getAsJsonObject();
      line(
          text,
          "%-32s score %7.3f  online %7.3f  %s",
          score.get("name").getAsString(),
          score.get("score").getAsDouble(),
          score.get("maxOnline").getAsDouble(),
          score.get("alarm").getAsBoolean() ? "ALARM" : "");
    }
    line(
        text,
        "%s, learned from %d traces; threshold %.3f nats, online %.3f nats over %d events",
        report.get("method").getAsString(),
        report.get("training").getAsInt(),
        number("threshold"),
        number("onlineThreshold"),
        report.get("rolling").getAsInt());
    line(
        text,
        "Promised: at most %.1f %% false positives in each of %d left-out parts; over all of them"
            + " %.1f %%. A further part like them keeps it with probability %d/%d; other programs"
            + " are no such part.",
        100 * number("promisedFpr"),
        report.get("blocks").getAsInt(),
        100 * number("leftOutFpr"),
        report.get("blocks").getAsInt(),
        report.get("blocks").getAsInt() + 1);
    if (compared()) {
      compare(text);
    }
    return text.toString();
  }

  private double number(String field) {
    return report.get(field).getAsDouble();
  }

  private void compare(StringBuilder text) {
    JsonObject comparison = report.getAsJsonObject("comparison");
    line(
        text,
        "%d normal traces, %d attacks; left out as copies: %d and %d",
        comparison.get("normal").getAsInt(),
        comparison.get("attack").getAsInt(),
        comparison.get("normalCopies").getAsInt(),
        comparison.get("attackCopies").getAsInt());
    line(text, "");
    line(
        text,
        "%-34s %-20s %5s %5s %5s %5s %7s  %-22s %-22s %6s",
        "METHOD",
        "AUC",
        "TPR1%",
        "5%",
        "10%",
        "15%",
        "FPR@90%",
        "FPR AT THRESHOLD",
        "TPR AT THRESHOLD",
        "SAME");
    for (String method : methods()) {
      JsonObject quality = quality(method);
      JsonObject tpr = quality.getAsJsonObject("tprAtFpr");
      line(
          text,
          "%-34s %-20s %5s %5s %5s %5s %7s  %-22s %-22s %6s",
          method,
          interval(quality, "auc"),
          share(tpr.get("1")),
          share(tpr.get("5")),
          share(tpr.get("10")),
          share(tpr.get("15")),
          share(quality.get("fprAt90")),
          interval(quality, "realisedFpr"),
          interval(quality, "realisedTpr"),
          share(quality.get("tprAtSameFpr")));
    }
    line(text, "");
    line(
        text,
        "Intervals: 95 %%, resampled by cluster. SAME: detection at the false-positive rate that %s"
            + " really had.",
        methods().get(0));
  }

  private static String interval(JsonObject quality, String field) {
    JsonArray interval = quality.getAsJsonArray(field + "Interval");
    return share(quality.get(field))
        + " ["
        + share(interval.get(0))
        + ", "
        + share(interval.get(1))
        + "]";
  }

  private static String share(JsonElement value) {
    return String.format(Locale.ROOT, "%.3f", value.getAsDouble());
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
