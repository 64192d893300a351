// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All figures of a run. */
final class Report {
  private static final List<String> HEAD =
      List.of("line", "what", "measured", "spread (n)", "goal", "met");

  private final JsonObject machine;
  private final List<Row> rows = new ArrayList<>();
  private final JsonObject failures = new JsonObject();

  Report(JsonObject machine) {
    this.machine = machine;
  }

  void add(Row row) {
    rows.add(row);
  }

  void failed(String line, String reason) {
    failures.addProperty(line, reason);
  }

  boolean complete() {
    return failures.size() == 0;
  }

  /** One object on one line. */
  String json() {
    JsonObject report = new JsonObject();
    report.add("machine", machine);
    JsonArray figures = new JsonArray();
    rows.forEach(row -> figures.add(row.json()));
    report.add("rows", figures);
    report.add("failures", failures);
    return new GsonBuilder().disableHtmlEscaping().create().toJson(report);
  }

  /** A Markdown table that also reads well as it is. */
  String text() {
    StringBuilder text = new StringBuilder();
    machine
        .entrySet()
        .forEach(
            entry ->
                text.append(entry.getKey())
                    .append(": ")
                    .append(entry.getValue().getAsString())
                    .append('\n'));
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEAD);
    rows.forEach(row -> cells.add(cells(row)));
    text.append('\n').append(table(cells));
    failures
        .entrySet()
        .forEach(
            entry ->
                text.append("\nNOT MEASURED: ")
                    .append(entry.getKey())
                    .append(": ")
                    .append(entry.getValue().getAsString())
                    .append('\n'));
    return text.toString();
  }

  private static List<String> cells(Row row) {
    return List.of(
        row.line(),
        row.what(),
        Row.figure(row.measured()) + " " + row.unit(),
        row.count() == 1
            ? "(1)"
            : Row.figure(row.low()) + " to " + Row.figure(row.high()) + " (" + row.count() + ")",
        row.goal().isPresent() ? "at most " + Row.figure(row.goal().getAsDouble()) : "-",
        row.met());
  }

  private static String table(List<List<String>> cells) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : cells) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < cells.size(); row++) {
      for (int column = 0; column < widths.length; column++) {
        text.append(
            String.format(Locale.ROOT, "| %-" + widths[column] + "s ", cells.get(row).get(column)));
      }
      text.append("|\n");
      if (row == 0) {
        for (int width : widths) {
          text.append('|').append("-".repeat(width + 2));
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }
}
