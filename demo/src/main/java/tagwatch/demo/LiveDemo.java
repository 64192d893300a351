// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The demo on this machine's kernel. */
final class LiveDemo {
  /** Tag of the server that is attacked. */
  static final int DEVICE = 13107;

  /** Tag of the server beside it. */
  static final int SENSORS = 13108;

  private final DemoOptions options;
  private final Workplace workplace;
  private final Narrator narrator;
  private final PrivateBusybox deviceBusybox;
  private final PrivateBusybox sensorsBusybox;
  private final LiveAgent agent;
  private final long beganNs = System.nanoTime();

  LiveDemo(DemoOptions options, Workplace workplace, Narrator narrator)
      throws IOException, DemoException {
    this.options = options;
    this.workplace = workplace;
    this.narrator = narrator;
    Path busybox = PrivateBusybox.installed();
    this.deviceBusybox = PrivateBusybox.copy(busybox, folder("device"), DEVICE);
    this.sensorsBusybox = PrivateBusybox.copy(busybox, folder("sensors"), SENSORS);
    this.agent =
        new LiveAgent(
            workplace,
            options.runtime(),
            List.of(deviceBusybox.watched(), sensorsBusybox.watched()),
            true);
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(workplace.folder().resolve(name));
  }

  /** Starts an agent that records; why it cannot watch this machine, empty if it can. */
  Optional<String> obstacle() throws IOException, InterruptedException {
    agent.start("learn");
    return Optional.of(agent.obstacle()).filter(reason -> !reason.isEmpty());
  }

  DemoResult run() throws IOException, DemoException, InterruptedException {
    narrator.say("Watching this machine's kernel: two servers on loopback, one will be attacked.");
    Arena arena = build();
    Recorder recorder = new Recorder(agent.shell(), folder("recordings"));
    List<Learned> models = learn(recorder, arena);
    Loot control = control(recorder, arena);
    agent.stop();

    Protection protection = new Protection(options, narrator, agent, arena, models);
    protection.begin();
    Recorder second = new Recorder(agent.shell(), folder("recordings"));
    DemoResult result = protection.show(second, control, beganNs);
    Summary.tell(narrator, result);
    save(result);
    if (options.serve()) {
      new Serving(options, narrator, agent, arena).untilTheEnd();
    }
    return result;
  }

  private Arena build() throws IOException, DemoException, InterruptedException {
    ProtectedServer device =
        ProtectedServer.start(
            deviceBusybox, new DeviceSite(folder("device"), deviceBusybox), options.port());
    workplace.atEnd(device::close);
    ProtectedServer sensors =
        ProtectedServer.start(sensorsBusybox, new SensorSite(folder("sensors"), sensorsBusybox), 0);
    workplace.atEnd(sensors::close);
    Attacker attacker = new Attacker(options.listenerPort(), folder("attacker").resolve("u.sh"));
    workplace.atEnd(attacker::close);
    narrator.say("Protected server: http://127.0.0.1:%d/ (tag %d)", device.port(), DEVICE);
    narrator.say(
        "Server beside it: http://127.0.0.1:%d/index.json (tag %d)", sensors.port(), SENSORS);
    return new Arena(device, sensors, attacker);
  }

  private List<Learned> learn(Recorder recorder, Arena arena)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("Learning from benign traffic");
    recorder.begin(DEVICE, Recorder.TRAINING);
    recorder.begin(SENSORS, Recorder.TRAINING);
    int count = options.trainingRequests();
    int beside = Math.max(100, count / 2);
    train(arena.device(), count);
    train(arena.sensors(), beside);
    recorder.end(DEVICE);
    recorder.end(SENSORS);
    Path models = agent.home().models();
    List<Path> first = List.of(recorder.file(DEVICE, Recorder.TRAINING));
    List<Path> second = List.of(recorder.file(SENSORS, Recorder.TRAINING));
    String engine = options.engine();
    Classroom classroom = new Classroom(options, workplace, narrator);
    return List.of(
        classroom.learn(agent.shell(), models, Lesson.device(DEVICE, engine, first), count),
        classroom.learn(
            agent.shell(), models, Lesson.sensors(SENSORS, Lesson.beside(engine), second), beside));
  }

  private void train(ProtectedServer server, int count) throws DemoException, InterruptedException {
    String what = "training of tag " + server.tag();
    List<Visit> visits = server.site().visits(Audience.TRAINING, count, options.seed());
    Narrator.Steps steps = narrator.steps(what);
    new Crowd(server, Audience.TRAINING).pay(visits, steps::report).orThrow(what);
  }

  /** The attack while the agent only records: shows that it works, and is the recorded one. */
  private Loot control(Recorder recorder, Arena arena)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("The attack with nobody stopping it");
    recorder.begin(DEVICE, Recorder.ATTACK);
    Loot loot = arena.attacker().attack(arena.device().port());
    agent.shell().settledBooks(2_000);
    recorder.end(DEVICE);
    narrator.say("The attacker completed %d of %d commands.", loot.completed(), Loot.COMMANDS);
    if (loot.completed() < Loot.COMMANDS) {
      throw new DemoException(
          "the attack does not work even with nobody stopping it; the attacker got: '"
              + loot.text()
              + "'");
    }
    return loot;
  }

  private void save(DemoResult result) throws IOException {
    Optional<Path> target = options.saveRecordings();
    if (target.isEmpty()) {
      return;
    }
    Path folder = Files.createDirectories(target.get());
    for (Path file : Recorder.all(folder("recordings"))) {
      Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(folder.resolve(ReplayDemo.RUN), result.toJson() + "\n");
    narrator.say("Recordings of this run: %s", folder);
  }
}
