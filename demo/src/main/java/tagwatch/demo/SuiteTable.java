// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.Locale;

/** The suite's table, for a person. */
final class SuiteTable {
  private SuiteTable() {}

  static void tell(Narrator narrator, SuiteResult result) {
    if (result.attacks().isEmpty()) {
      return;
    }
    narrator.chapter("Caught, by attack and method (median of events to the alarm)");
    StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-16s", ""));
    result.attacks().stream()
        .limit(1)
        .flatMap(row -> row.methods().stream())
        .forEach(cell -> head.append(String.format(Locale.ROOT, " %-16s", cell.method())));
    narrator.say(head.append(" commands completed").toString());
    for (SuiteResult.AttackRow row : result.attacks()) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", row.name()));
      for (SuiteResult.MethodCell cell : row.methods()) {
        String at =
            cell.eventsToAlarm() == null
                ? ""
                : String.format(Locale.ROOT, " (%.0f)", cell.eventsToAlarm());
        line.append(String.format(Locale.ROOT, " %-16s", cell.caught() + "/" + cell.runs() + at));
      }
      row.methods().stream()
          .limit(
              1 + row.methods().stream().filter(cell -> cell.method().startsWith("markov")).count())
          .forEach(cell -> line.append(' ').append(mean(cell)).append('/').append(row.goals()));
      narrator.say(line.toString());
    }
    narrator.say(
        "Benign: %d requests, %d tasks, false alarms %s. Commands completed: mean of the goals"
            + " reached under each model, then with nobody stopping it.",
        result.benign().requests(), result.benign().tasks(), result.benign().falseAlarms());
  }

  private static String mean(SuiteResult.MethodCell cell) {
    return String.format(
        Locale.ROOT,
        "%.1f",
        cell.commandsCompleted().stream().mapToInt(Integer::intValue).average().orElse(0));
  }
}
