// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;

/** The demo on this machine's kernel. */
final class LiveDemo {
  /** Tag of the server that is attacked. */
  static final int DEVICE = 13107;

  /** Tag of the server beside it. */
  static final int SENSORS = 13108;

  private static final long OPEN_LIMIT_MS = 15_000;

  private final DemoOptions options;
  private final Workplace workplace;
  private final Narrator narrator;
  private final AgentHome home;
  private final AgentLauncher launcher;
  private final long beganNs = System.nanoTime();
  private PrivateBusybox deviceBusybox;
  private PrivateBusybox sensorsBusybox;
  private AgentProcess agent;
  private AgentShell shell;

  LiveDemo(DemoOptions options, Workplace workplace, Narrator narrator) throws IOException {
    this.options = options;
    this.workplace = workplace;
    this.narrator = narrator;
    this.home = new AgentHome(workplace.folder().resolve("agent")).create();
    this.launcher = new AgentLauncher(home, options.runtime());
    workplace.atEnd(this::stopAgent);
  }

  /** Starts an agent that records; why it cannot watch this machine, empty if it can. */
  Optional<String> obstacle() throws IOException, DemoException, InterruptedException {
    Path busybox = PrivateBusybox.installed();
    deviceBusybox = PrivateBusybox.copy(busybox, workplace.folder().resolve("device"), DEVICE);
    sensorsBusybox = PrivateBusybox.copy(busybox, workplace.folder().resolve("sensors"), SENSORS);
    configure("learn");
    startAgent();
    return awaitOpen();
  }

  private void configure(String gate) throws IOException {
    home.configure(
        "tagwatch.ebpf",
        Map.of(
            "pinDirectory",
            workplace.pins().toString(),
            "executables",
            List.of(
                deviceBusybox.executable().toString(), sensorsBusybox.executable().toString())));
    // every repetition of the attack is one process, and a budget is for a minute
    home.configure("tagwatch.policy.kill", Map.of("budget", 1000));
    for (int tag : List.of(DEVICE, SENSORS)) {
      home.configureTag(
          Integer.toString(tag),
          Map.of(
              "tag", tag,
              "transport", "ebpf-syscall",
              "mode", "live",
              "gate", gate,
              "policy", "kill"));
    }
  }

  private void startAgent() throws AgentException {
    agent = launcher.start();
    shell = new AgentShell(agent.client());
  }

  private void stopAgent() {
    if (agent != null) {
      agent.stop();
      agent = null;
    }
  }

  private Optional<String> awaitOpen() throws AgentException, InterruptedException {
    long deadline = System.nanoTime() + OPEN_LIMIT_MS * 1_000_000;
    while (true) {
      List<String> waiting = waiting();
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        return Optional.of(String.join("; ", waiting));
      }
      Thread.sleep(100);
    }
  }

  /** What keeps the tags' transport from being open. */
  private List<String> waiting() throws AgentException {
    List<String> reasons = new ArrayList<>();
    int tags = 0;
    for (JsonElement element : shell.tags()) {
      tags++;
      JsonObject tag = element.getAsJsonObject();
      if (tag.get("transport").getAsString().contains("waiting")) {
        reasons.add("tag " + tag.get("tag") + ": " + tag.get("problems"));
      }
    }
    if (tags < 2) {
      reasons.add("the agent knows " + tags + " of 2 tags");
    }
    return reasons;
  }

  DemoResult run() throws IOException, DemoException, InterruptedException {
    narrator.say("Watching this machine's kernel: two servers on loopback, one will be attacked.");
    ProtectedServer device =
        started(
            ProtectedServer.start(
                deviceBusybox, new DeviceSite(folder("device"), deviceBusybox), options.port()));
    ProtectedServer sensors =
        started(
            ProtectedServer.start(
                sensorsBusybox, new SensorSite(folder("sensors"), sensorsBusybox), 0));
    narrator.say("Protected server: http://127.0.0.1:%d (tag %d)", device.port(), DEVICE);
    narrator.say("Server beside it: http://127.0.0.1:%d (tag %d)", sensors.port(), SENSORS);
    Attacker attacker = new Attacker(options.listenerPort(), folder("attacker").resolve("u.sh"));
    workplace.atEnd(attacker::close);

    Recorder recorder = new Recorder(shell, folder("recordings"));
    List<Learned> models = learn(recorder, device, sensors);
    Loot control = control(recorder, device, attacker);
    stopAgent();

    configure("monitor");
    Protection protection =
        new Protection(options, narrator, models, device, sensors, attacker, control, beganNs);
    protection.begin(
        () -> {
          startAgent();
          awaitOpen().ifPresent(reason -> narrator.say("Not watching yet: %s", reason));
          return agent;
        });
    DemoResult result = protection.show(new Recorder(shell, folder("recordings")));
    save(result);
    if (options.serve()) {
      protection.serve(home);
    }
    return result;
  }

  private ProtectedServer started(ProtectedServer server) {
    workplace.atEnd(server::close);
    return server;
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(workplace.folder().resolve(name));
  }

  private List<Learned> learn(Recorder recorder, ProtectedServer device, ProtectedServer sensors)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("Learning from benign traffic");
    recorder.begin(DEVICE, Recorder.TRAINING);
    recorder.begin(SENSORS, Recorder.TRAINING);
    int beside = Math.max(100, options.trainingRequests() / 2);
    send(device, Audience.TRAINING, options.trainingRequests(), "training of tag " + DEVICE);
    send(sensors, Audience.TRAINING, beside, "training of tag " + SENSORS);
    recorder.end(DEVICE);
    recorder.end(SENSORS);
    Lesson first =
        Lesson.device(DEVICE, options.engine(), List.of(recorder.file(DEVICE, Recorder.TRAINING)));
    Lesson second =
        Lesson.sensors(
            SENSORS, options.engine(), List.of(recorder.file(SENSORS, Recorder.TRAINING)));
    return List.of(
        Classroom.learn(shell, home.models(), narrator, first, options.trainingRequests()),
        Classroom.learn(shell, home.models(), narrator, second, beside));
  }

  private void send(ProtectedServer server, Audience audience, int count, String what)
      throws DemoException, InterruptedException {
    List<Visit> visits = server.site().visits(audience, count, options.seed() + server.tag());
    Narrator.Steps steps = narrator.steps(what);
    new Crowd(server.port(), audience.concurrency()).pay(visits, steps::report).orThrow(what);
  }

  /** The attack while the agent only records: shows that it works, and is the recorded one. */
  private Loot control(Recorder recorder, ProtectedServer device, Attacker attacker)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("The attack with nobody stopping it");
    recorder.begin(DEVICE, Recorder.ATTACK);
    Loot loot = attacker.attack(device.port());
    Thread.sleep(200);
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
