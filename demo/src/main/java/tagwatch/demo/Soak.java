// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Benign traffic for as long as it takes, and what happens to a server meanwhile: how often does
 * the frozen model cry wolf?
 */
final class Soak {
  /** Requests between two incidents. */
  private static final int STRETCH = 250;

  private static final String PART = "soak";
  private static final long IDLE_MS = 400;
  private static final long SETTLE_LIMIT_MS = 10_000;
  private static final double NS_PER_HOUR = 3.6e12;

  private final DemoOptions options;
  private final Narrator narrator;
  private final LiveAgent agent;
  private final ProtectedServer device;
  private final Watch watch;
  private final Recorder recorder;
  private final Baselines baselines;
  private final Map<String, Long> baselineAlarms = new LinkedHashMap<>();
  private final Map<Upkeep.Work, Integer> works = new EnumMap<>(Upkeep.Work.class);
  private long requests;
  private long failed;
  private int bursts;
  private int idleHours;
  private long idleEvents;
  private long idleNs;

  Soak(
      DemoOptions options,
      Narrator narrator,
      LiveAgent agent,
      ProtectedServer device,
      Watch watch,
      Recorder recorder,
      Baselines baselines) {
    this.options = options;
    this.narrator = narrator;
    this.agent = agent;
    this.device = device;
    this.watch = watch;
    this.recorder = recorder;
    this.baselines = baselines;
  }

  SuiteResult.SoakRow run() throws IOException, DemoException, InterruptedException {
    narrator.chapter("Soak: " + options.soakRequests() + " benign requests");
    Upkeep upkeep = new Upkeep(device);
    Narrator.Steps steps = narrator.steps("soak");
    long scored = agent.shell().settledBooks(SETTLE_LIMIT_MS).scored();
    long alarms = 0;
    long beganNs = System.nanoTime();
    for (int stretch = 0; requests < options.soakRequests(); stretch++) {
      pay(stretch);
      switch (stretch % 8) {
        case 1 -> carryOut(upkeep, Upkeep.Work.ROTATE);
        case 3 -> carryOut(upkeep, Upkeep.Work.RELOAD);
        case 5 -> idle();
        case 7 -> carryOut(upkeep, Upkeep.Work.RESTART);
        default -> alarms += watch.takeFalseAlarms();
      }
      steps.report((double) requests / options.soakRequests());
    }
    double hours = (System.nanoTime() - beganNs - idleNs) / NS_PER_HOUR;
    long events = agent.shell().settledBooks(SETTLE_LIMIT_MS).scored() - scored;
    alarms += watch.takeFalseAlarms();
    SuiteResult.SoakRow row = row(events, hours, alarms);
    tell(row);
    return row;
  }

  /** Another part of the traffic each time, now and then from many visitors at once. */
  private void pay(int stretch) throws IOException, InterruptedException {
    int count = (int) Math.min(STRETCH, options.soakRequests() - requests);
    List<Visit> visits =
        device.site().visits(Audience.TEST, count, options.seed() + 1_000 + stretch);
    boolean burst = stretch % 4 == 2;
    recorder.begin(device.tag(), PART);
    Crowd.Outcome outcome =
        (burst ? Crowd.burst(device) : new Crowd(device, Audience.TEST)).pay(visits, done -> {});
    watch.settle();
    recorder.end(device.tag());
    judge(recorder.file(device.tag(), PART));
    bursts += burst ? 1 : 0;
    requests += outcome.requests();
    failed += outcome.faults().size();
    outcome.faults().stream().limit(1).forEach(fault -> narrator.say("Failed request: %s", fault));
  }

  /** What the simple methods would have said to the same events. */
  private void judge(Path recording) throws IOException {
    baselines
        .alarms(RecordedTask.read(recording))
        .forEach((method, alarms) -> baselineAlarms.merge(method, alarms, Long::sum));
    Files.delete(recording);
  }

  private void carryOut(Upkeep upkeep, Upkeep.Work work)
      throws IOException, DemoException, InterruptedException {
    upkeep.carryOut(work);
    works.merge(work, 1, Integer::sum);
  }

  private void idle() throws IOException, InterruptedException {
    long beganNs = System.nanoTime();
    long before = agent.shell().settledBooks(SETTLE_LIMIT_MS).emitted();
    Thread.sleep(IDLE_MS);
    idleEvents += agent.shell().settledBooks(SETTLE_LIMIT_MS).emitted() - before;
    idleHours++;
    idleNs += System.nanoTime() - beganNs;
  }

  private SuiteResult.SoakRow row(long events, double hours, long alarms) {
    return new SuiteResult.SoakRow(
        requests,
        failed,
        events,
        works.getOrDefault(Upkeep.Work.RESTART, 0),
        works.getOrDefault(Upkeep.Work.RELOAD, 0),
        works.getOrDefault(Upkeep.Work.ROTATE, 0),
        bursts,
        idleHours,
        idleEvents,
        hours,
        alarms,
        (double) alarms / requests,
        UpperBound.ofShare(alarms, requests),
        alarms / hours,
        UpperBound.ofCount(alarms) / hours,
        baselineAlarms);
  }

  private void tell(SuiteResult.SoakRow row) {
    narrator.say(
        "%d requests (%d failed), %d events; %d restarts, %d reloads, %d log rotations, %d bursts,"
            + " %d idle hours with %d events.",
        row.requests(),
        row.failed(),
        row.events(),
        row.restarts(),
        row.reloads(),
        row.rotations(),
        row.bursts(),
        row.idleHours(),
        row.idleEvents());
    narrator.say(
        "%d alarms: %.2f in 100,000 requests, at 95 %% at most %.2f; %.2f an hour of this traffic"
            + " (%.2f h), at most %.2f.",
        row.alarms(),
        row.alarmsPerRequest() * 1e5,
        row.alarmsPerRequestUpper() * 1e5,
        row.alarmsPerDeviceHour(),
        row.deviceHours(),
        row.alarmsPerDeviceHourUpper());
    row.baselineAlarms()
        .forEach((method, count) -> narrator.say("%-16s %d tasks with an alarm", method, count));
  }
}
