// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** From the kernel's ring to the score: CPU of drain and scoring thread, Markov of order 5. */
final class PipelineLine implements Line {
  private static final double GOAL_NS = 200;

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    long calls = lab.events(10_000_000, 3_000_000);
    Desk desk = Desk.of(lab, Lab.TAG);
    List<Double> both = new ArrayList<>();
    List<Double> scoring = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    Books books;
    try (Watch watch =
        new Watch(lab, "pipeline").tag(Lab.TAG, "learn", "alert", desk.workload()).start()) {
      lab.say("learning, warming up");
      desk.teach(watch, Lab.TAG);
      desk.mix(3_000_000);
      Books first = watch.settled();
      for (int run = 1; run <= lab.pairs(); run++) {
        CpuTimes cpu = watch.cpu();
        Books before = watch.settled();
        Work work = desk.mix(calls);
        Books after = watch.settled().since(before);
        CpuTimes now = watch.cpu();
        double drained = (double) now.since(cpu, "tagwatch-drain") / after.delivered();
        double scored = (double) now.since(cpu, "tagwatch-score") / after.scored();
        both.add(drained + scored);
        scoring.add(scored);
        rates.add(work.millionsPerSecond());
        lab.say(
            "run %d of %d: drain %.1f + scoring %.1f ns an event at %.2f M/s, %d lost",
            run, lab.pairs(), drained, scored, work.millionsPerSecond(), after.lost());
      }
      books = watch.books().since(first);
    }
    JsonObject details = books.json();
    details.addProperty("millionsPerSecond", Sample.of(rates).median());
    report.add(
        Row.median(name(), "CPU of drain and scoring an event", Sample.of(both), "ns")
            .atMost(GOAL_NS)
            .with(details));
    report.add(Row.median(name(), "of it scoring (order 5)", Sample.of(scoring), "ns"));
  }
}
