// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tagwatch.agent.AgentException;

/** The protected phase: an agent with the models, benign traffic, attacks, and the count. */
final class Protection {
  private static final int BESIDE = 200;
  private static final long START_LIMIT_MS = 30_000;
  private static final long SETTLE_LIMIT_MS = 10_000;

  private final DemoOptions options;
  private final Narrator narrator;
  private final LiveAgent agent;
  private final Arena arena;
  private final List<Learned> models;
  private AlertDesk desk;
  private Crowd.Outcome atStart;

  /** Null unless it was asked for. */
  private EngineSwap swap;

  Protection(
      DemoOptions options, Narrator narrator, LiveAgent agent, Arena arena, List<Learned> models) {
    this.options = options;
    this.narrator = narrator;
    this.agent = agent;
    this.arena = arena;
    this.models = models;
  }

  /**
   * Starts the agent, and traffic as soon as the models run, so that there is something to score.
   */
  void begin() throws IOException, DemoException, InterruptedException {
    narrator.chapter("Protecting");
    agent.start("monitor");
    desk = new AlertDesk(agent.shell(), narrator);
    if (options.swap()) {
      swap =
          new EngineSwap(
              agent.shell(),
              options.runtime(),
              Files.createDirectories(agent.home().root().resolve("versions")),
              options.engine());
    }
    long deadline = System.nanoTime() + START_LIMIT_MS * 1_000_000;
    while (!modelsRun()) {
      pause(deadline);
    }
    List<Visit> visits = arena.device().site().visits(Audience.TEST, 200, options.seed() + 2);
    try (Drip drip = Drip.start(arena.device(), visits, 10)) {
      while (agent.shell().books().firstScoreMs() < 0) {
        pause(deadline);
      }
      atStart = drip.stop();
    }
    for (Learned model : models) {
      narrator.say(
          "Starting monitoring for tag: %d (model %s, threshold %.3f)",
          model.tag(), model.version(), model.threshold());
      agent.shell().gate(model.tag(), "enforce");
    }
  }

  private void pause(long deadline) throws IOException, DemoException, InterruptedException {
    if (System.nanoTime() > deadline) {
      throw new DemoException(
          "the agent did not score within 30 s; its tags: " + agent.shell().tags());
    }
    Thread.sleep(20);
  }

  private boolean modelsRun() throws AgentException {
    List<String> running = new ArrayList<>();
    for (JsonElement element : agent.shell().tags()) {
      JsonObject tag = element.getAsJsonObject();
      running.add(tag.get("tag").getAsInt() + " " + tag.get("model").getAsString());
    }
    return models.stream().allMatch(model -> running.contains(model.tag() + " " + model.version()));
  }

  /** Everything that is shown, in its order. */
  DemoResult show(Recorder recorder, Loot control, long beganNs)
      throws IOException, InterruptedException {
    boolean record = options.saveRecordings().isPresent();
    if (record) {
      recorder.begin(LiveDemo.DEVICE, Recorder.BENIGN);
      recorder.begin(LiveDemo.SENSORS, Recorder.BENIGN);
    }
    DemoResult.Benign benign = benign(arena.device(), options.benignRequests(), atStart);
    DemoResult.Benign beside = benign(arena.sensors(), BESIDE, Crowd.Outcome.NONE);
    if (record) {
      recorder.end(LiveDemo.DEVICE);
      recorder.end(LiveDemo.SENSORS);
    }
    List<AttackRun> runs = new ArrayList<>();
    Crowd.Outcome meanwhile = attacks(runs);
    boolean alive = arena.serversAlive();
    narrator.say("Both servers go on: %s", alive ? "yes" : "NO");
    Books books = agent.shell().settledBooks(SETTLE_LIMIT_MS);
    long residentKb = agent.residentKb();
    long peakKb = agent.peakKb();
    // an alert may come a little after the traffic that raised it
    desk.takeFalseAlarms();
    plot(runs);
    DemoResult.Untrained untrained =
        new UntrainedProgram(agent.shell(), arena.device(), desk, narrator).measure();

    Learned model = models.get(0);
    Learned other = models.get(1);
    return new DemoResult(
        "ebpf-syscall",
        model.tag(),
        model.hash(),
        model.training(),
        model.threshold(),
        benign.withFalseAlarms(desk.falseAlarms(model.tag())),
        AttackRun.sum(runs),
        alive,
        books.emitted(),
        books.delivered(),
        books.scored(),
        books.lost(),
        books.unknown(),
        books.waiting(),
        books.firstScoreMs(),
        residentKb,
        peakKb,
        new DemoResult.Other(
            other.tag(),
            other.hash(),
            other.training(),
            other.threshold(),
            beside
                .plus(meanwhile.requests(), meanwhile.faults().size())
                .withFalseAlarms(desk.falseAlarms(other.tag()))),
        books.tags(),
        books.identities(),
        new DemoResult.Control(control.completed()),
        untrained,
        swap == null ? null : swap.result(LiveDemo.DEVICE),
        options.seed(),
        (System.nanoTime() - beganNs) / 1_000_000);
  }

  private DemoResult.Benign benign(ProtectedServer server, int count, Crowd.Outcome before)
      throws IOException, InterruptedException {
    narrator.chapter("Other benign traffic for tag " + server.tag());
    List<Visit> visits = server.site().visits(Audience.TEST, count, options.seed() + 1);
    long tasks = agent.shell().settledBooks(SETTLE_LIMIT_MS).tasks();
    Crowd.Outcome outcome;
    try (PlayerLog log = new PlayerLog(agent.shell(), narrator)) {
      log.start();
      Narrator.Steps steps = narrator.steps("benign requests to tag " + server.tag());
      outcome = new Crowd(server, Audience.TEST).pay(visits, steps::report);
    }
    long processes = agent.shell().settledBooks(SETTLE_LIMIT_MS).tasks() - tasks;
    desk.takeFalseAlarms();
    List<String> faults = new ArrayList<>(before.faults());
    faults.addAll(outcome.faults());
    faults.stream().findFirst().ifPresent(fault -> narrator.say("Failed request: %s", fault));
    narrator.say("False alarms: %d in %d processes", desk.falseAlarms(server.tag()), processes);
    return new DemoResult.Benign(
        (long) before.requests() + outcome.requests(), processes, 0, faults.size());
  }

  private Crowd.Outcome attacks(List<AttackRun> runs) throws IOException, InterruptedException {
    narrator.chapter("The attack, with the player on watch");
    List<Visit> visits = arena.sensors().site().visits(Audience.TEST, 300, options.seed() + 3);
    try (Drip drip = Drip.start(arena.sensors(), visits, 20)) {
      for (int run = 1; run <= options.repeat(); run++) {
        Loot loot = swap == null ? attack() : attackAndSwap();
        AttackRun done = new AttackRun(loot, desk.takeAttack(LiveDemo.DEVICE));
        runs.add(done);
        tell(run, done);
      }
      return drip.stop();
    }
  }

  private Loot attack() throws IOException, InterruptedException {
    return arena.attacker().attack(arena.device().port());
  }

  /** The order for the swap and the attacker's request leave at the same time. */
  private Loot attackAndSwap() throws IOException, InterruptedException {
    try {
      swap.prepare();
      long beganNs = System.nanoTime();
      CompletableFuture<EngineSwap.Took> swapping = swap.begin(LiveDemo.DEVICE);
      Loot loot = attack();
      long endedNs = System.nanoTime();
      EngineSwap.Took took = swapping.join();
      swap.done(took, beganNs, endedNs);
      narrator.say(
          "The engine of tag %d was swapped meanwhile, in %.0f ms: %s",
          LiveDemo.DEVICE, took.millis(), agent.shell().engine(LiveDemo.DEVICE));
      return loot;
    } catch (DemoException | CompletionException e) {
      throw new IOException("the engine could not be swapped: " + e.getMessage(), e);
    }
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

  private void plot(List<AttackRun> runs) {
    Optional<Sighting> shown = runs.stream().flatMap(run -> run.decisive().stream()).findFirst();
    if (options.plot().isPresent() && shown.isPresent()) {
      ScorePlot.write(shown.get(), options.plot().get());
      narrator.say("Picture: %s", options.plot().get());
    }
  }
}
