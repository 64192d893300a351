// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tagwatch.player.LearnReport;

/** What was learned, for people. */
final class LearnText {
  private LearnText() {}

  static String text(LearnReport report) {
    LearnReport.ThresholdSetter setter = report.thresholdSetter();
    StringBuilder text = new StringBuilder();
    line(text, "model", report.version() + "  (" + Table.cell(report.bytes()) + " bytes)");
    line(text, "sha-256", report.sha256());
    line(text, "folder", report.folder().toString());
    line(
        text,
        "learned from",
        Table.cell(report.events())
            + " events of "
            + report.processes()
            + " processes, "
            + report.tasks()
            + " tasks, in "
            + String.format(Locale.ROOT, "%.1f s", report.tookMs() / 1e3)
            + String.format(Locale.ROOT, " with %,d MB", report.peakKb() / 1024));
    line(text, "classes", report.classes() + ", window " + report.window());
    line(text, "threshold", nats(report.threshold()) + " by " + report.rule());
    line(
        text,
        "highest",
        nats(report.highest()) + " in training, " + nats(report.heldOut()) + " held out");
    line(
        text,
        "held-out loss",
        String.format(
            Locale.ROOT,
            "%.3f nats an event over %,d events; a Markov model: %.3f",
            report.heldOutLoss(),
            report.heldOutEvents(),
            report.markovLoss()));
    line(
        text,
        "set by",
        String.format(
            Locale.ROOT,
            "process %d %s: %s at its event %,d of %,d",
            setter.processId(),
            setter.executable(),
            nats(setter.score()),
            setter.atEvent(),
            setter.events()));
    setter.surprising().forEach(event -> line(text, "", event));
    line(text, "new n-grams", novelty(report.novelty()));
    line(text, "saturated", report.saturated() ? "yes" : "no: record longer, or more varied");
    report.remarks().forEach(remark -> line(text, "remark", remark));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-13s %s%n", name, value));
  }

  private static String nats(float value) {
    return Table.cell(value) + " nats";
  }

  private static String novelty(List<Double> tenths) {
    float highest = (float) tenths.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    List<Float> values = tenths.stream().map(Double::floatValue).toList();
    return Chart.sparkline(values, highest)
        + "  per 1,000 events in each tenth: "
        + tenths.stream().map(Table::cell).collect(Collectors.joining(" "));
  }
}
