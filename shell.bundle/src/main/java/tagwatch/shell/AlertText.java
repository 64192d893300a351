// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tagwatch.player.Alert;
import tagwatch.policy.Detection;

/** An alert in full, for people: who, what, how surprising, and what came of it. */
final class AlertText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
  private static final int BAR = 24;

  private final Alert alert;
  private final Detection detection;
  private final ZoneId zone;
  private final StringBuilder text = new StringBuilder();

  AlertText(Alert alert, ZoneId zone) {
    this.alert = alert;
    this.detection = alert.detection();
    this.zone = zone;
  }

  static String table(List<Alert> alerts) {
    Table table =
        new Table(
            "ID",
            "TIME",
            "TAG",
            "PROCESS",
            "SCORE",
            "THRESHOLD",
            "VERDICT",
            "OUTCOME",
            "EXECUTABLE");
    for (Alert alert : alerts) {
      Detection detection = alert.detection();
      table.row(
          Long.toString(alert.id()),
          time(alert, ZoneId.systemDefault()),
          detection.tag(),
          detection.process().threadId(),
          detection.score(),
          detection.threshold(),
          alert.verdict().toString(),
          alert.enforcement().outcome(),
          alert.culprit().isEmpty() ? detection.executable().path() : alert.culprit());
    }
    return table.orElse("no alerts");
  }

  String text() {
    headline();
    facts();
    events("Most surprising", detection.mostSurprising());
    events("Window, oldest first", detection.window());
    scores();
    return text.toString();
  }

  private void headline() {
    text.append("Alert ")
        .append(alert.id())
        .append(": process ")
        .append(detection.process().threadId())
        .append(alert.blocked() ? " was blocked" : " was not blocked")
        .append(" (")
        .append(alert.verdict())
        .append(", ")
        .append(Json.label(alert.enforcement().outcome()))
        .append(")\n");
  }

  private void facts() {
    fact("time", time(alert, zone));
    if (!alert.culprit().isEmpty()) {
      fact("culprit", alert.culprit());
      fact("remark", alert.remark());
    }
    fact("executable", Table.cell(detection.executable().path()));
    fact(
        "task",
        detection.task().threadId()
            + " of tag "
            + detection.tag()
            + (detection.root() ? ", first of its tree" : ""));
    fact("cause", Json.label(detection.cause()));
    fact(
        "score",
        Table.cell(detection.score())
            + " nats, threshold "
            + Table.cell(detection.threshold())
            + ", at event "
            + Table.cell(alert.sequence()));
    fact("model", detection.modelVersion() + ", gate " + alert.gate().label());
    fact("verdict", alert.verdict() + ": " + alert.enforcement().detail());
    fact("in force", micros(alert.decidedNs()) + " after the event");
    alert.exitedNs().ifPresent(at -> fact("ended", micros(at) + " after the event"));
    alert.callsAfter().ifPresent(calls -> fact("calls after", Table.cell(calls)));
  }

  private void events(String title, List<Detection.Observation> events) {
    float highest = 0;
    for (Detection.Observation event : events) {
      highest = Math.max(highest, Float.isFinite(event.surprise()) ? event.surprise() : 0);
    }
    text.append('\n').append(title).append(" (surprise in nats)\n");
    for (Detection.Observation event : events) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,10d %8s %-" + BAR + "s %s%n",
              event.sequence(),
              Table.cell(event.surprise()),
              Chart.bar(event.surprise(), highest, BAR),
              event.hook()));
    }
  }

  private void scores() {
    float highest = detection.threshold();
    for (float score : alert.scores()) {
      highest = Math.max(highest, Float.isFinite(score) ? score : 0);
    }
    text.append("\nScore over the last ")
        .append(alert.scores().size())
        .append(" events, 0 to ")
        .append(Table.cell(highest))
        .append(" nats (threshold ")
        .append(Table.cell(detection.threshold()))
        .append(")\n  ")
        .append(Chart.sparkline(alert.scores(), highest))
        .append('\n');
  }

  private void fact(String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-12s %s%n", name, value));
  }

  private String micros(long atNs) {
    return String.format(Locale.ROOT, "%,.0f µs", (atNs - detection.timestampNs()) / 1e3);
  }

  private static String time(Alert alert, ZoneId zone) {
    return TIME.format(Instant.ofEpochMilli(alert.wallClockMs()).atZone(zone));
  }
}
