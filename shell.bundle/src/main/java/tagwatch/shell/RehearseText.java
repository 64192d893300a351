// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import tagwatch.player.RehearseReport;
import tagwatch.player.RehearseReport.RehearsedProcess;
import tagwatch.player.RehearseReport.RehearsedRecording;

/** What a model says about recordings, for people. */
final class RehearseText {
  private RehearseText() {}

  static String text(RehearseReport report) {
    StringBuilder text = new StringBuilder();
    text.append("model ")
        .append(report.model().version())
        .append(", threshold ")
        .append(Table.cell(report.model().threshold()))
        .append(" nats\n");
    for (RehearsedRecording recording : report.recordings()) {
      text.append('\n')
          .append(recording.file())
          .append(": ")
          .append(Table.cell(recording.events()))
          .append(" events, ")
          .append(recording.processesAbove())
          .append(" of ")
          .append(recording.processes())
          .append(" processes above the threshold\n");
      Table table = new Table("PROCESS", "SCORE", "AT EVENT", "ABOVE SINCE", "EXECUTABLE");
      for (RehearsedProcess process : recording.loudest()) {
        table.row(
            process.processId(),
            process.score(),
            process.atEvent(),
            process.aboveEvent() < 0 ? null : process.aboveEvent(),
            process.executable());
      }
      text.append(table.orElse("no event was scored: its tasks are shorter than the window\n"));
    }
    return text.toString();
  }
}
