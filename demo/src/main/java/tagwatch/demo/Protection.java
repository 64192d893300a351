// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentProcess;

/** The protected phase: an agent with the models, benign traffic, attacks, and the count. */
final class Protection {
  private static final int BESIDE = 200;
  private static final int UNTRAINED = 50;
  private static final long START_LIMIT_MS = 30_000;
  private static final long SETTLE_LIMIT_MS = 10_000;
  private static final long ALERT_LIMIT_MS = 2_000;

  /** Starts an agent. */
  @FunctionalInterface
  interface Start {
    AgentProcess start() throws IOException, InterruptedException;
  }

  private final DemoOptions options;
  private final Narrator narrator;
  private final List<Learned> models;
  private final ProtectedServer device;
  private final ProtectedServer sensors;
  private final Attacker attacker;
  private final Loot control;
  private final long beganNs;
  private AgentProcess agent;
  private AgentShell shell;
  private long seenAlert;
  private Crowd.Outcome atStart;
  private long deviceFalseAlarms;
  private long sensorsFalseAlarms;

  Protection(
      DemoOptions options,
      Narrator narrator,
      List<Learned> models,
      ProtectedServer device,
      ProtectedServer sensors,
      Attacker attacker,
      Loot control,
      long beganNs) {
    this.options = options;
    this.narrator = narrator;
    this.models = models;
    this.device = device;
    this.sensors = sensors;
    this.attacker = attacker;
    this.control = control;
    this.beganNs = beganNs;
  }

  /** Starts the agent under light traffic, so that there is something to score at once. */
  void begin(Start start) throws IOException, DemoException, InterruptedException {
    narrator.chapter("Protecting");
    List<Visit> visits = device.site().visits(Audience.TEST, 200, options.seed() + 2);
    try (Drip drip = Drip.start(device, visits, 10)) {
      agent = start.start();
      shell = new AgentShell(agent.client());
      awaitScores();
      atStart = drip.stop();
    }
    for (Learned model : models) {
      narrator.say(
          "Starting monitoring for tag: %d (model %s, threshold %.3f)",
          model.tag(), model.version(), model.threshold());
      shell.gate(model.tag(), "enforce");
    }
  }

  private void awaitScores() throws IOException, DemoException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT_MS * 1_000_000;
    while (shell.books().firstScoreMs() < 0 || !modelsRun()) {
      if (System.nanoTime() > deadline) {
        throw new DemoException("the agent did not score within 30 s; its tags: " + shell.tags());
      }
      Thread.sleep(20);
    }
  }

  private boolean modelsRun() throws AgentException {
    for (Learned model : models) {
      JsonObject tag = shell.tag(model.tag());
      if (!tag.get("model").getAsString().equals(model.version())) {
        return false;
      }
    }
    return true;
  }

  DemoResult show(Recorder recorder) throws IOException, DemoException, InterruptedException {
    if (options.saveRecordings().isPresent()) {
      recorder.begin(LiveDemo.DEVICE, Recorder.BENIGN);
      recorder.begin(LiveDemo.SENSORS, Recorder.BENIGN);
    }
    DemoResult.Benign benign = benign(device, options.benignRequests(), atStart);
    DemoResult.Benign beside = benign(sensors, BESIDE, new Crowd.Outcome(0, List.of()));
    if (options.saveRecordings().isPresent()) {
      recorder.end(LiveDemo.DEVICE);
      recorder.end(LiveDemo.SENSORS);
    }
    List<AttackRun> runs = new ArrayList<>();
    Crowd.Outcome meanwhile = attacks(runs);
    boolean alive = device.alive() && sensors.alive();
    narrator.say("Both servers go on: %s", alive ? "yes" : "NO");
    Books books = shell.settledBooks(SETTLE_LIMIT_MS);
    long rssKb = agent.rssKb().orElse(0);
    long rssPeakKb = peakKb();
    DemoResult.Untrained untrained = untrained();
    plot(runs);

    Learned model = models.get(0);
    Learned other = models.get(1);
    DemoResult result =
        new DemoResult(
            "ebpf-syscall",
            model.tag(),
            model.hash(),
            model.training(),
            model.threshold(),
            new DemoResult.Benign(
                benign.requests(), benign.processes(), deviceFalseAlarms, benign.failed()),
            AttackRun.sum(runs),
            alive,
            books.emitted(),
            books.delivered(),
            books.scored(),
            books.lost(),
            books.unknown(),
            books.waiting(),
            books.firstScoreMs(),
            rssKb,
            rssPeakKb,
            new DemoResult.Other(
                other.tag(),
                other.hash(),
                other.training(),
                other.threshold(),
                new DemoResult.Benign(
                    beside.requests() + meanwhile.requests(),
                    beside.processes(),
                    sensorsFalseAlarms,
                    beside.failed() + meanwhile.faults().size())),
            books.tags(),
            books.identities(),
            new DemoResult.Control(control.completed()),
            untrained,
            options.seed(),
            (System.nanoTime() - beganNs) / 1_000_000);
    Summary.tell(narrator, result);
    return result;
  }

  private DemoResult.Benign benign(ProtectedServer server, int count, Crowd.Outcome before)
      throws IOException, InterruptedException {
    narrator.chapter("Other benign traffic for tag " + server.tag());
    // the page that training asked for comes again, in another order and among others
    List<Visit> visits = server.site().visits(Audience.TEST, count, options.seed() + 1);
    long tasks = shell.settledBooks(SETTLE_LIMIT_MS).tasks();
    Crowd.Outcome outcome;
    try (PlayerLog log = new PlayerLog(shell, narrator)) {
      log.start();
      Narrator.Steps steps = narrator.steps("benign requests to tag " + server.tag());
      outcome = new Crowd(server.port(), Audience.TEST.concurrency()).pay(visits, steps::report);
    }
    long processes = shell.settledBooks(SETTLE_LIMIT_MS).tasks() - tasks;
    long falseAlarms = countFalseAlarms(newAlerts());
    List<String> faults = new ArrayList<>(before.faults());
    faults.addAll(outcome.faults());
    faults.stream().findFirst().ifPresent(fault -> narrator.say("Failed request: %s", fault));
    narrator.say("False alarms: %d in %d processes", falseAlarms, processes);
    return new DemoResult.Benign(
        before.requests() + outcome.requests(), processes, falseAlarms, faults.size());
  }

  private List<Sighting> newAlerts() throws AgentException {
    List<Sighting> alerts = shell.alertsAfter(seenAlert);
    if (!alerts.isEmpty()) {
      seenAlert = alerts.get(alerts.size() - 1).id();
    }
    return alerts;
  }

  private long countFalseAlarms(List<Sighting> alerts) {
    for (Sighting alert : alerts) {
      narrator.say("FALSE ALARM, %s", alert.line());
      if (alert.tag() == LiveDemo.DEVICE) {
        deviceFalseAlarms++;
      } else {
        sensorsFalseAlarms++;
      }
    }
    return alerts.size();
  }

  private Crowd.Outcome attacks(List<AttackRun> runs) throws IOException, InterruptedException {
    narrator.chapter("The attack, with the player on watch");
    List<Visit> visits = sensors.site().visits(Audience.TEST, 300, options.seed() + 3);
    try (Drip drip = Drip.start(sensors, visits, 20)) {
      for (int run = 1; run <= options.repeat(); run++) {
        Loot loot = attacker.attack(device.port());
        AttackRun done = new AttackRun(loot, attackAlerts());
        runs.add(done);
        tell(run, done);
      }
      return drip.stop();
    }
  }

  /** The attack's alerts, once the processes that were stopped have ended. */
  private List<Sighting> attackAlerts() throws AgentException, InterruptedException {
    long deadline = System.nanoTime() + ALERT_LIMIT_MS * 1_000_000;
    List<Sighting> alerts = shell.alertsAfter(seenAlert);
    while (System.nanoTime() < deadline && !complete(alerts)) {
      Thread.sleep(50);
      alerts = shell.alertsAfter(seenAlert);
    }
    newAlerts();
    countFalseAlarms(alerts.stream().filter(alert -> alert.tag() != LiveDemo.DEVICE).toList());
    return alerts.stream().filter(alert -> alert.tag() == LiveDemo.DEVICE).toList();
  }

  private static boolean complete(List<Sighting> alerts) {
    return alerts.stream().anyMatch(alert -> alert.tag() == LiveDemo.DEVICE)
        && alerts.stream().allMatch(alert -> !alert.blocked() || alert.exitedNs().isPresent());
  }

  private void tell(int number, AttackRun run) {
    for (Sighting alert : run.alerts()) {
      narrator.say("%s", alert.line());
    }
    narrator.say(
        "Attack %d of %d: %s, %d of %d commands completed",
        number,
        options.repeat(),
        run.blocked() ? "blocked" : run.detected() ? "detected, NOT blocked" : "NOT detected",
        run.loot().completed(),
        Loot.COMMANDS);
  }

  private long peakKb() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(agent.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /**
   * Apart: what a program costs that training never ran. Alerts are told to their request by time.
   */
  private DemoResult.Untrained untrained() throws IOException, InterruptedException {
    narrator.chapter("A harmless program that training never ran (monitor only)");
    shell.gate(LiveDemo.DEVICE, "monitor");
    List<Long> starts = new ArrayList<>();
    for (int i = 0; i < UNTRAINED; i++) {
      starts.add(System.currentTimeMillis());
      DeviceSite.untrained()
          .pay(device.port())
          .ifPresent(fault -> narrator.say("Failed request: %s", fault));
      Thread.sleep(25);
    }
    shell.settledBooks(SETTLE_LIMIT_MS);
    List<Sighting> alerts = newAlerts();
    int alarms =
        (int)
            alerts.stream()
                .filter(alert -> alert.tag() == LiveDemo.DEVICE)
                .mapToLong(alert -> starts.stream().filter(t -> t <= alert.wallClockMs()).count())
                .distinct()
                .count();
    shell.gate(LiveDemo.DEVICE, "enforce");
    narrator.say("%d of %d requests raised an alarm.", alarms, UNTRAINED);
    return new DemoResult.Untrained(UNTRAINED, alarms);
  }

  private void plot(List<AttackRun> runs) throws IOException {
    Optional<Sighting> shown = runs.stream().flatMap(run -> run.decisive().stream()).findFirst();
    if (options.plot().isPresent() && shown.isPresent()) {
      ScorePlot.write(shown.get(), options.plot().get());
      narrator.say("Picture: %s", options.plot().get());
    }
  }

  /** Goes on until the process is told to end. */
  void serve(AgentHome home) throws IOException, InterruptedException {
    narrator.chapter("Serving until Ctrl-C");
    attacker.close();
    narrator.say(
        """
        Send it what you like:  http://127.0.0.1:%1$d/
        Attack it by hand, in two other terminals:
          nc -l -p %2$d            (or: busybox nc -l -p %2$d)
          curl 'http://127.0.0.1:%1$d%3$s'
        Look and ask:
          ./tagwatch shell --home %4$s     then: alerts, why 1, ps, status, gate %5$d monitor
        """,
        device.port(), options.listenerPort(), attacker.target(), home.root(), LiveDemo.DEVICE);
    try (PlayerLog log = new PlayerLog(shell, narrator)) {
      log.start();
      while (agent.alive()) {
        for (Sighting alert : newAlerts()) {
          narrator.say("%s", alert.line());
        }
        Thread.sleep(300);
      }
    }
  }
}
