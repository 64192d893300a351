// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** From the anomalous system call to the end of the process, and what it still did meanwhile. */
final class LatencyLine implements Line {
  private static final double GOAL_MEDIAN_US = 300;
  private static final double GOAL_P99_US = 2000;
  private static final double GOAL_CALLS = 100;
  private static final int TRAINING_ROUNDS = 120;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void measure(Lab lab, Report report) throws IOException {
    Path folder = lab.freshFolder("latency-site");
    DeviceUserland userland = DeviceUserland.in(folder, Lab.TAG);
    Desk desk = Desk.of(lab, -1);
    writeScripts(folder);
    int attacks = (int) lab.events(100, 20);
    int loops = (int) lab.events(50, 10);
    try (Watch watch =
            new Watch(lab, "latency").tag(Lab.TAG, "learn", "kill", userland.executable()).start();
        RootShell shell = RootShell.start(lab, userland, folder)) {
      lab.say("learning a shell that starts programs");
      watch.learn(Lab.TAG, () -> benign(shell, desk, TRAINING_ROUNDS));
      benign(shell, desk, 5);
      watch.order("tagwatch:gate " + Lab.TAG + " enforce");
      List<Kill> shells = attack(lab, watch, shell, "sh attack.sh", attacks);
      report(report, "attacker's shell", shells, attacks, true);
      List<Kill> tight =
          attack(lab, watch, shell, desk.workload() + " never 100000000 >/dev/null", loops);
      report(report, "tight loop", tight, loops, false);
    }
  }

  private static void writeScripts(Path folder) throws IOException {
    Files.writeString(folder.resolve("page"), "a page of a device\n".repeat(40));
    Files.writeString(folder.resolve("show.sh"), "cat page; wc -c <page\n");
    Files.writeString(
        folder.resolve("attack.sh"),
        """
        id
        cat /etc/passwd
        ls -la /root
        uname -a
        ps
        echo FINISHED
        """);
  }

  private static void benign(RootShell shell, Desk desk, int rounds) throws IOException {
    String read = desk.workload() + " mix 60 " + desk.files().get(0) + " " + desk.files().get(1);
    for (int round = 0; round < rounds; round++) {
      shell.tell("sh show.sh >/dev/null");
      shell.tell(round % 2 == 0 ? "grep -c page page" : "head -n 2 page >/dev/null");
      shell.tell("sh -c 'sort page | uniq' >/dev/null");
      shell.tell(read);
    }
  }

  private static List<Kill> attack(Lab lab, Watch watch, RootShell shell, String command, int times)
      throws IOException {
    long before = lastId(alerts(watch));
    int finished = 0;
    for (int run = 0; run < times; run++) {
      if (shell.tell(command).contains("FINISHED")) {
        finished++;
      }
    }
    watch.settled();
    List<Kill> kills = Kill.of(alerts(watch), before);
    lab.say(
        "%d times '%s': %d processes killed, %d ran to its end",
        times, command, kills.size(), finished);
    if (kills.isEmpty()) {
      throw new BenchException("nothing was killed in " + times + " attacks: " + alerts(watch));
    }
    lab.say(
        "event to exit %.0f µs, to the verdict %.0f µs in the median",
        Sample.of(kills.stream().map(Kill::micros).toList()).median(),
        Sample.of(kills.stream().map(Kill::decidedMicros).toList()).median());
    return kills;
  }

  private static JsonArray alerts(Watch watch) throws IOException {
    return watch.client().executeJson("tagwatch:alerts").getAsJsonArray();
  }

  private static long lastId(JsonArray alerts) {
    return alerts.isEmpty()
        ? 0
        : alerts.get(alerts.size() - 1).getAsJsonObject().get("id").getAsLong();
  }

  private void report(Report report, String who, List<Kill> kills, int attacks, boolean goals) {
    Sample micros = Sample.of(kills.stream().map(Kill::micros).toList());
    Sample decided = Sample.of(kills.stream().map(Kill::decidedMicros).toList());
    Sample calls = Sample.of(kills.stream().map(Kill::callsAfter).toList());
    Row median = Row.median(name(), who + ": event to exit, median", micros, "µs");
    Row p99 = Row.percentile(name(), who + ": event to exit, p99", micros, 0.99, "µs");
    Row after = Row.percentile(name(), who + ": calls after it, p99", calls, 0.99, "calls");
    report.add(
        (goals ? median.atMost(GOAL_MEDIAN_US) : median)
            .with("attacks", attacks)
            .with("verdictInForceMedian", decided.median())
            .with("verdictInForceP99", decided.percentile(0.99)));
    report.add(goals ? p99.atMost(GOAL_P99_US) : p99);
    report.add((goals ? after.atMost(GOAL_CALLS) : after).with("median", calls.median()));
  }
}
