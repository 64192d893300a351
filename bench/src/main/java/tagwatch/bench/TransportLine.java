// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** From the kernel's ring into the agent: CPU of the drain thread, and what the caller pays. */
final class TransportLine implements Line {
  private static final double GOAL_NS = 40;

  @Override
  public String name() {
    return "transport";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    Path untagged = lab.compile("workload", -1);
    Path tagged = lab.compile("workload", Lab.TAG);
    long calls = lab.events(10_000_000, 3_000_000);
    List<Double> drain = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    List<Double> cost = new ArrayList<>();
    Books books;
    try (Watch watch = new Watch(lab, "transport").tag(Lab.TAG, "learn", "alert", tagged)) {
      watch.start();
      lab.say("warming up");
      run(tagged, 3_000_000);
      Books first = watch.settled();
      for (int pair = 1; pair <= lab.pairs(); pair++) {
        Work without = run(untagged, calls);
        CpuTimes cpu = watch.cpu();
        Books before = watch.settled();
        Work with = run(tagged, calls);
        Books after = watch.settled().since(before);
        drain.add((double) watch.cpu().since(cpu, "tagwatch-drain") / after.delivered());
        rates.add(with.millionsPerSecond());
        cost.add(with.nanosPerCall() - without.nanosPerCall());
        lab.say(
            "pair %d of %d: drain %.1f ns an event at %.2f M/s, %d lost",
            pair, lab.pairs(), drain.get(pair - 1), with.millionsPerSecond(), after.lost());
      }
      books = watch.books().since(first);
    }
    JsonObject details = books.json();
    details.addProperty("millionsPerSecond", Sample.of(rates).median());
    report.add(
        Row.median(name(), "CPU of the drain thread an event", Sample.of(drain), "ns")
            .atMost(GOAL_NS)
            .with(details));
    report.add(Row.median(name(), "longer system call (getppid)", Sample.of(cost), "ns"));
  }

  private static Work run(Path workload, long calls) throws IOException {
    return Work.of(workload, "getppid", calls, List.of());
  }
}
