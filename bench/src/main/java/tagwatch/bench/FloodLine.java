// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;

/** Many system calls of one process as fast as it can, each of them scored. */
final class FloodLine implements Line {
  private static final double GOAL_PER_CENT = 0.1;

  @Override
  public String name() {
    return "flood";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    long calls = lab.events(60_000_000, 6_000_000);
    Desk desk = Desk.of(lab, Lab.TAG);
    try (Watch watch =
        new Watch(lab, "flood").tag(Lab.TAG, "learn", "alert", desk.workload()).start()) {
      lab.say("learning");
      desk.teach(watch, Lab.TAG);
      // A process that makes no call of its own says how many its start and end take.
      Books nothing = watch.settled();
      Work none = desk.mix(0);
      long around = watch.settled().since(nothing).emitted() - none.calls();
      Books before = watch.settled();
      lab.say("%,d system calls", calls);
      Work work = desk.mix(calls);
      Books books = watch.settled().since(before);
      long expected = work.calls() + around;
      JsonObject details = books.json();
      details.addProperty("counted", work.calls());
      details.addProperty("expected", expected);
      details.addProperty("millionsPerSecond", work.millionsPerSecond());
      lab.say(
          "expected %,d, emitted %,d, delivered %,d, scored %,d, lost %,d, at %.2f M/s",
          expected,
          books.emitted(),
          books.delivered(),
          books.scored(),
          books.lost(),
          work.millionsPerSecond());
      report.add(
          Row.single(
                  name(),
                  "lost of " + String.format("%,d", expected) + " events",
                  100.0 * books.lost() / expected,
                  "%")
              .atMost(GOAL_PER_CENT)
              .with(details));
      report.add(
          Row.single(
                  name(),
                  "not where the accounting says",
                  (double) unaccounted(books, expected),
                  "events")
              .atMost(0));
      report.add(Row.single(name(), "rate of the process", work.millionsPerSecond(), "M/s"));
    }
  }

  private static long unaccounted(Books books, long expected) {
    return Math.abs(expected - books.emitted())
        + Math.abs(books.emitted() - books.delivered() - books.lost())
        + Math.abs(books.delivered() - books.scored() - books.unknown() - books.waiting());
  }
}
