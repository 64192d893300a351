// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an HTTP server loses while it is watched, and while another one is. */
final class HttpLine implements Line {
  private static final double GOAL_UNTAGGED = 2;
  private static final double GOAL_TAGGED = 6;

  /** What is asked of which server. */
  private enum Visit {
    STATIC_UNTAGGED(false, WebServer.PAGE, "static, untagged server"),
    STATIC_TAGGED(true, WebServer.PAGE, "static, tagged server"),
    CGI_UNTAGGED(false, WebServer.CGI, "CGI, untagged server"),
    CGI_TAGGED(true, WebServer.CGI, "CGI, tagged server");

    private final boolean tagged;
    private final String target;
    private final String what;

    Visit(boolean tagged, String target, String what) {
      this.tagged = tagged;
      this.target = target;
      this.what = what;
    }
  }

  /** Rates of each visit, one for each pair. */
  private static final class Rates {
    private final Map<Visit, List<Double>> all = new EnumMap<>(Visit.class);

    void add(Visit visit, double rate) {
      all.computeIfAbsent(visit, any -> new ArrayList<>()).add(rate);
    }

    List<Double> of(Visit visit) {
      return all.get(visit);
    }
  }

  private record Servers(WebServer untagged, WebServer tagged) {
    int port(Visit visit) {
      return (visit.tagged ? tagged : untagged).port();
    }
  }

  @Override
  public String name() {
    return "http";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    Rates without = new Rates();
    Rates with = new Rates();
    Books books;
    try (WebServer untagged = WebServer.start(lab, -1);
        WebServer tagged = WebServer.start(lab, Lab.TAG);
        Watch watch =
            new Watch(lab, "http").tag(Lab.TAG, "learn", "alert", tagged.executable()).start()) {
      Servers servers = new Servers(untagged, tagged);
      lab.say("learning");
      watch.learn(Lab.TAG, () -> ask(servers, 150));
      watch.stop();
      visit(servers, seconds(lab) / 2, new Rates());
      books = null;
      for (int pair = 1; pair <= lab.pairs(); pair++) {
        // the order within a pair changes, so that a drift of the machine favours neither
        boolean watchedFirst = pair % 2 == 0;
        if (!watchedFirst) {
          visit(servers, seconds(lab), without);
        }
        books = watched(lab, watch, servers, with);
        if (watchedFirst) {
          visit(servers, seconds(lab), without);
        }
        tell(lab, pair, without, with);
      }
    }
    for (Visit visit : Visit.values()) {
      report.add(row(visit, without, with).with("lostInLastPair", books.lost()));
    }
  }

  private static double seconds(Lab lab) {
    return lab.quick() ? 1 : 2;
  }

  private static void ask(Servers servers, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      HttpLoad.request(servers.tagged.port(), WebServer.PAGE);
      HttpLoad.request(servers.tagged.port(), WebServer.CGI + "?page=" + i);
    }
    HttpLoad.rate(servers.tagged.port(), WebServer.PAGE, 0.1);
    HttpLoad.rate(servers.tagged.port(), WebServer.CGI, 0.1);
  }

  private static Books watched(Lab lab, Watch watch, Servers servers, Rates rates)
      throws IOException {
    watch.start();
    watch.awaitModel(Lab.TAG);
    // what a device pays all day, not while the agent's code is still being compiled
    HttpLoad.rate(servers.tagged.port(), WebServer.PAGE, lab.quick() ? 1 : 3);
    HttpLoad.rate(servers.tagged.port(), WebServer.CGI, lab.quick() ? 1 : 2);
    watch.settled();
    visit(servers, seconds(lab), rates);
    Books books = watch.settled();
    watch.stop();
    return books;
  }

  private static void visit(Servers servers, double seconds, Rates rates) throws IOException {
    for (Visit visit : Visit.values()) {
      rates.add(visit, HttpLoad.rate(servers.port(visit), visit.target, seconds));
    }
  }

  private static void tell(Lab lab, int pair, Rates without, Rates with) {
    StringBuilder text = new StringBuilder();
    for (Visit visit : Visit.values()) {
      text.append(
          String.format(
              "; %s %,.0f/s to %,.0f/s",
              visit.what, without.of(visit).get(pair - 1), with.of(visit).get(pair - 1)));
    }
    lab.say("pair %d of %d%s", pair, lab.pairs(), text);
  }

  private Row row(Visit visit, Rates without, Rates with) {
    JsonObject details = new JsonObject();
    details.addProperty("requestsPerSecondWithout", Sample.of(without.of(visit)).median());
    details.addProperty("requestsPerSecondWith", Sample.of(with.of(visit)).median());
    Row row =
        Row.median(
                name(),
                "slower: " + visit.what,
                Sample.costs(without.of(visit), with.of(visit)),
                "%")
            .with(details);
    return switch (visit) {
      case STATIC_UNTAGGED, CGI_UNTAGGED -> row.atMost(GOAL_UNTAGGED);
      case STATIC_TAGGED -> row.atMost(GOAL_TAGGED);
      case CGI_TAGGED -> row;
    };
  }
}
