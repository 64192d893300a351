// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;

/**
 * The demo from a recorded run: models are learned from its training, its benign traffic and its
 * attack are scored. Nothing can be stopped, because it is over.
 */
final class ReplayDemo {
  /** What the recorded run showed, as JSON. */
  static final String RUN = "run.json";

  private static final long MODELS_LIMIT_MS = 30_000;
  private static final long PLAY_LIMIT_MS = 120_000;

  private final DemoOptions options;
  private final Workplace workplace;
  private final Narrator narrator;
  private final Path recordings;
  private final DemoResult recorded;
  private final long beganNs = System.nanoTime();

  /**
   * What one agent made of some recordings.
   *
   * @param books its accounting at the end
   * @param alerts what it raised
   * @param rssKb its resident memory at the end
   */
  private record Scene(Books books, List<Sighting> alerts, long rssKb) {
    long alertsOf(int tag) {
      return alerts.stream().filter(alert -> alert.tag() == tag).count();
    }
  }

  ReplayDemo(DemoOptions options, Workplace workplace, Narrator narrator)
      throws IOException, DemoException {
    this.options = options;
    this.workplace = workplace;
    this.narrator = narrator;
    this.recordings =
        options
            .recordings()
            .orElseThrow(() -> new DemoException("no folder of recordings is given"))
            .toAbsolutePath();
    List<Path> needed = new ArrayList<>(Recorder.all(recordings));
    needed.add(recordings.resolve(RUN));
    for (Path file : needed) {
      if (!Files.isReadable(file)) {
        throw new DemoException(
            "no recorded run: " + file + " is missing; make one with demo --save-recordings DIR");
      }
    }
    this.recorded = DemoResult.fromJson(Files.readString(recordings.resolve(RUN)));
  }

  DemoResult run() throws IOException, DemoException, InterruptedException {
    List<Learned> models = learn();
    narrator.chapter("Recorded benign traffic");
    Scene benign =
        play(
            "benign",
            models,
            List.of(
                Recorder.file(recordings, LiveDemo.DEVICE, Recorder.BENIGN),
                Recorder.file(recordings, LiveDemo.SENSORS, Recorder.BENIGN)));
    narrator.say("False alarms: %d", benign.alerts().size());
    narrator.chapter("The recorded attack");
    Scene attack =
        play(
            "attack", models, List.of(Recorder.file(recordings, LiveDemo.DEVICE, Recorder.ATTACK)));
    AttackRun run = new AttackRun(Loot.NONE, attack.alerts());
    run.decisive().ifPresent(this::plot);
    DemoResult result = result(models, benign, attack, run);
    Summary.tell(narrator, result);
    return result;
  }

  private List<Learned> learn() throws IOException {
    narrator.chapter("Learning from the recorded training");
    AgentHome home = new AgentHome(workplace.folder().resolve("learn")).create();
    Path models = Files.createDirectories(workplace.folder().resolve("models"));
    try (AgentProcess agent = new AgentLauncher(home, options.runtime()).start()) {
      AgentShell shell = new AgentShell(agent.client());
      Classroom classroom = new Classroom(options, workplace, narrator);
      return List.of(
          classroom.learn(
              shell,
              models,
              Lesson.device(LiveDemo.DEVICE, options.engine(), training(LiveDemo.DEVICE)),
              recorded.training().requests()),
          classroom.learn(
              shell,
              models,
              Lesson.sensors(
                  LiveDemo.SENSORS, Lesson.beside(options.engine()), training(LiveDemo.SENSORS)),
              recorded.other().training().requests()));
    }
  }

  private List<Path> training(int tag) {
    return List.of(Recorder.file(recordings, tag, Recorder.TRAINING));
  }

  /** Plays recordings to a fresh agent that has the models. */
  private Scene play(String name, List<Learned> models, List<Path> files)
      throws IOException, DemoException, InterruptedException {
    AgentHome home = new AgentHome(workplace.folder().resolve(name)).create();
    copy(workplace.folder().resolve("models"), home.models());
    for (Learned model : models) {
      home.configureTag(
          Integer.toString(model.tag()),
          Map.of(
              "tag", model.tag(),
              "transport", "replay",
              "mode", "live",
              "gate", "monitor",
              "policy", "alert"));
      narrator.say("Starting monitoring for tag: %d", model.tag());
    }
    try (AgentProcess agent = new AgentLauncher(home, options.runtime()).start();
        PlayerLog log = new PlayerLog(new AgentShell(agent.client()), narrator)) {
      log.start();
      AgentShell shell = new AgentShell(agent.client());
      awaitModels(shell, models);
      // only now: what is played before there is a model to score it would stay unknown
      home.configure("tagwatch.replay", Map.of("file", names(files), "speed", "20000"));
      Books books = playedBooks(shell);
      List<Sighting> alerts = shell.alertsAfter(0);
      alerts.forEach(alert -> narrator.say("%s", alert.line()));
      return new Scene(books, alerts, agent.rssKb().orElse(0));
    }
  }

  private static void awaitModels(AgentShell shell, List<Learned> models)
      throws IOException, DemoException, InterruptedException {
    long deadline = System.nanoTime() + MODELS_LIMIT_MS * 1_000_000;
    while (!shell.modelVersions().containsAll(models.stream().map(Learned::version).toList())) {
      if (System.nanoTime() > deadline) {
        throw new DemoException("the agent found no models within 30 s");
      }
      Thread.sleep(50);
    }
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  /** Waits until nothing new has come for a second. */
  private static Books playedBooks(AgentShell shell)
      throws IOException, DemoException, InterruptedException {
    long deadline = System.nanoTime() + PLAY_LIMIT_MS * 1_000_000;
    Books last = shell.books();
    while (System.nanoTime() < deadline) {
      Thread.sleep(1_000);
      Books now = shell.books();
      if (now.emitted() > 0 && now.settled() && now.equals(last)) {
        return now;
      }
      last = now;
    }
    StringBuilder problems = new StringBuilder();
    for (JsonElement tag : shell.tags()) {
      problems.append(' ').append(tag.getAsJsonObject().get("problems"));
    }
    throw new DemoException(
        "the recording did not come to its end within 120 s: " + last + problems);
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
  }

  private void plot(Sighting alert) {
    options
        .plot()
        .ifPresent(
            file -> {
              ScorePlot.write(alert, file);
              narrator.say("Picture: %s", file);
            });
  }

  private DemoResult result(List<Learned> models, Scene benign, Scene attack, AttackRun run) {
    Learned model = models.get(0);
    Learned other = models.get(1);
    Books books = benign.books().plus(attack.books());
    return new DemoResult(
        "replay",
        model.tag(),
        model.hash(),
        model.training(),
        model.threshold(),
        new DemoResult.Benign(
            recorded.benign().requests(),
            recorded.benign().processes(),
            benign.alertsOf(model.tag()),
            0),
        new DemoResult.Attack(
            1,
            run.detected() ? 1 : 0,
            0,
            List.of(recorded.control().commandsCompleted()),
            AttackRun.sum(List.of(run)).eventsToBlock(),
            AttackRun.sum(List.of(run)).eventsToBlockRuns(),
            Percentiles.of(List.of()),
            Percentiles.of(List.of()),
            Percentiles.of(List.of())),
        recorded.serverAliveAfter(),
        books.emitted(),
        books.delivered(),
        books.scored(),
        books.lost(),
        books.unknown(),
        books.waiting(),
        books.firstScoreMs(),
        attack.rssKb(),
        Math.max(benign.rssKb(), attack.rssKb()),
        new DemoResult.Other(
            other.tag(),
            other.hash(),
            other.training(),
            other.threshold(),
            new DemoResult.Benign(
                recorded.other().benign().requests(),
                recorded.other().benign().processes(),
                benign.alertsOf(other.tag()) + attack.alertsOf(other.tag()),
                0)),
        books.tags(),
        books.identities(),
        recorded.control(),
        recorded.untrained(),
        null,
        recorded.seed(),
        (System.nanoTime() - beganNs) / 1_000_000);
  }
}
