// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The attack suite on this machine's kernel: models and thresholds first, attacks after, each one
 * against each model that stops it, and once more with nobody stopping it, for the baselines.
 */
final class Suite {
  private static final String HOOKS = "markov";
  private static final String FEATURES = "markov-features";
  private static final String HELD_OUT = "markov-held-out";
  private static final List<String> MODELS = List.of(HOOKS, FEATURES, HELD_OUT);
  private static final String FEATURE_NAMES = "path,flags";

  /** The highest score of any part that was left out: more eager than the white paper's rule. */
  private static final String HELD_OUT_RULE = "quantile:1";

  private static final long SETTLE_LIMIT_MS = 5_000;
  private static final int GATEWAY_STARTS = 8;
  private static final int GATEWAY_REQUESTS = 320;

  private final DemoOptions options;
  private final Workplace workplace;
  private final Narrator narrator;
  private final PrivateBusybox busybox;
  private final Gateway gateway;
  private final LiveAgent agent;
  private final long beganNs = System.nanoTime();

  /** A model and the name under which the table shows it. */
  record Frozen(String method, Learned model, Lesson lesson) {}

  Suite(DemoOptions options, Workplace workplace, Narrator narrator)
      throws IOException, DemoException, InterruptedException {
    this.options = options;
    this.workplace = workplace;
    this.narrator = narrator;
    this.busybox =
        PrivateBusybox.copy(PrivateBusybox.installed(), folder("device"), LiveDemo.DEVICE);
    this.gateway = Gateway.build(folder("gateway"));
    this.agent =
        new LiveAgent(
            workplace, options.runtime(), List.of(busybox.watched(), gateway.watched()), false);
    workplace.atEnd(gateway::close);
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(workplace.folder().resolve(name));
  }

  /** Starts an agent that records; why it cannot watch this machine, empty if it can. */
  Optional<String> obstacle() throws IOException, InterruptedException {
    agent.start("learn");
    return Optional.of(agent.obstacle()).filter(reason -> !reason.isEmpty());
  }

  SuiteResult run() throws IOException, DemoException, InterruptedException {
    ProtectedServer device =
        ProtectedServer.start(busybox, new DeviceSite(folder("device"), busybox), options.port());
    workplace.atEnd(device::close);
    Attacker attacker = new Attacker(options.listenerPort(), folder("attacker").resolve("u.sh"));
    workplace.atEnd(attacker::close);
    Recorder recorder = new Recorder(agent.shell(), folder("recordings"));
    List<Frozen> frozen = learn(recorder, device);
    Baselines ofDevice = baselines(recorder, LiveDemo.DEVICE);
    Baselines ofGateway = baselines(recorder, Gateway.TAG);
    agent.stop();

    agent.start("monitor");
    Watch watch = new Watch(agent, new AlertDesk(agent.shell(), narrator), frozen);
    watch.begin();
    Recorder second = new Recorder(agent.shell(), folder("recordings"));
    SuiteResult.Benign benign = benign(second, device, watch, ofDevice, ofGateway);
    tell(frozen, ofDevice, ofGateway);
    SuiteResult.SoakRow soak = null;
    if (options.soakRequests() > 0) {
      watch.use(HOOKS, "monitor");
      soak = new Soak(options, narrator, agent, device, watch).run();
    }
    List<SuiteResult.AttackRow> rows = new ArrayList<>();
    for (Attack attack : new Attacks(device, attacker, gateway).all()) {
      if (options.attacks().contains(attack.name())) {
        Baselines baselines = attack.tag() == Gateway.TAG ? ofGateway : ofDevice;
        rows.add(attack(attack, second, watch, baselines));
      }
    }
    return new SuiteResult(
        watch.models(),
        ofDevice.limit(),
        benign,
        soak,
        rows,
        agent.shell().settledBooks(SETTLE_LIMIT_MS).lost(),
        options.seed(),
        (System.nanoTime() - beganNs) / 1_000_000);
  }

  private List<Frozen> learn(Recorder recorder, ProtectedServer device)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("Learning from benign traffic");
    recorder.begin(LiveDemo.DEVICE, Recorder.TRAINING);
    recorder.begin(Gateway.TAG, Recorder.TRAINING);
    List<Visit> visits =
        device.site().visits(Audience.TRAINING, options.trainingRequests(), options.seed());
    new Crowd(device, Audience.TRAINING)
        .pay(visits, narrator.steps("training")::report)
        .orThrow("training");
    Upkeep upkeep = new Upkeep(device);
    for (Upkeep.Work work : Upkeep.Work.values()) {
      for (int time = 0; time < 5; time++) {
        upkeep.carryOut(work);
        new Crowd(device, Audience.TRAINING)
            .pay(visits.subList(10 * time, 10 * time + 10), done -> {})
            .orThrow("training after " + work);
      }
    }
    // some starts, too: how a program starts is part of what it does
    for (int start = 0; start < GATEWAY_STARTS; start++) {
      gateway.start();
      gateway.use(GATEWAY_REQUESTS / GATEWAY_STARTS, options.seed() + start);
      gateway.close();
    }
    recorder.end(LiveDemo.DEVICE);
    recorder.end(Gateway.TAG);
    List<Path> first = List.of(recorder.file(LiveDemo.DEVICE, Recorder.TRAINING));
    List<Path> second = List.of(recorder.file(Gateway.TAG, Recorder.TRAINING));
    String engine = options.engine();
    Lesson ofDevice = Lesson.device(LiveDemo.DEVICE, engine, first);
    Lesson ofGateway = Lesson.gateway(Gateway.TAG, engine, second);
    List<Frozen> frozen = new ArrayList<>();
    for (Lesson lesson : List.of(ofDevice, ofGateway)) {
      long requests =
          lesson.tag() == LiveDemo.DEVICE ? options.trainingRequests() : GATEWAY_REQUESTS;
      frozen.add(learn(HOOKS, lesson, requests));
      frozen.add(learn(FEATURES, lesson.withFeatures(FEATURE_NAMES), requests));
      frozen.add(learn(HELD_OUT, lesson.withRule(HELD_OUT_RULE), requests));
    }
    return frozen;
  }

  private Frozen learn(String method, Lesson lesson, long requests) throws IOException {
    return new Frozen(
        method,
        new Classroom(options, workplace, narrator)
            .learn(agent.shell(), agent.home().models(), lesson, requests),
        lesson);
  }

  private static Baselines baselines(Recorder recorder, int tag) throws IOException {
    return new Baselines(RecordedTask.read(recorder.file(tag, Recorder.TRAINING)));
  }

  /** Benign traffic of another audience: false alarms of each method, and STIDE's threshold. */
  private SuiteResult.Benign benign(
      Recorder recorder,
      ProtectedServer device,
      Watch watch,
      Baselines ofDevice,
      Baselines ofGateway)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("Other benign traffic");
    Map<String, Long> alarms = new LinkedHashMap<>();
    List<RecordedTask> tasks = new ArrayList<>();
    long requests = 0;
    for (String method : MODELS) {
      watch.use(method, "monitor");
      String part = "benign-" + method;
      recorder.begin(LiveDemo.DEVICE, part);
      recorder.begin(Gateway.TAG, part);
      List<Visit> visits =
          device.site().visits(Audience.TEST, options.benignRequests(), options.seed() + 1);
      requests = new Crowd(device, Audience.TEST).pay(visits, done -> {}).requests();
      gateway.start();
      gateway.use(200, options.seed() + 100);
      gateway.close();
      agent.shell().settledBooks(SETTLE_LIMIT_MS);
      recorder.end(LiveDemo.DEVICE);
      recorder.end(Gateway.TAG);
      alarms.put(method, watch.takeFalseAlarms());
    }
    long allowed = alarms.get(HOOKS);
    List<RecordedTask> deviceTasks =
        RecordedTask.read(recorder.file(LiveDemo.DEVICE, "benign-" + HOOKS));
    List<RecordedTask> gatewayTasks =
        RecordedTask.read(recorder.file(Gateway.TAG, "benign-" + HOOKS));
    tasks.addAll(deviceTasks);
    tasks.addAll(gatewayTasks);
    ofDevice.calibrate(deviceTasks, allowed);
    ofGateway.calibrate(gatewayTasks, 0);
    Map<String, Long> ofBaselines = ofDevice.alarms(deviceTasks);
    ofGateway
        .alarms(gatewayTasks)
        .forEach((name, count) -> ofBaselines.merge(name, count, Long::sum));
    alarms.putAll(ofBaselines);
    alarms.forEach((method, count) -> narrator.say("%-16s %d false alarms", method, count));
    return new SuiteResult.Benign(requests + 200, tasks.size(), alarms);
  }

  private void tell(List<Frozen> frozen, Baselines ofDevice, Baselines ofGateway) {
    narrator.chapter("Fixed before the first attack");
    for (Frozen model : frozen) {
      narrator.say(
          "%-16s tag %d, threshold %.3f nats by %s, model %s",
          model.method(),
          model.model().tag(),
          model.model().threshold(),
          model.lesson().rule(),
          model.model().hash());
    }
    narrator.say(
        "%-16s more than %d (tag %d) or %d (tag %d) of 20 windows unseen",
        Baselines.STIDE, ofDevice.limit(), LiveDemo.DEVICE, ofGateway.limit(), Gateway.TAG);
  }

  private SuiteResult.AttackRow attack(
      Attack attack, Recorder recorder, Watch watch, Baselines baselines)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter(attack.name() + ": " + attack.what());
    List<SuiteResult.MethodCell> cells = new ArrayList<>();
    for (String method : MODELS) {
      watch.use(method, "enforce");
      cells.add(stopped(attack, method, watch));
    }
    watch.use(HOOKS, "monitor");
    cells.addAll(watched(attack, recorder, watch, baselines));
    cells.forEach(
        cell ->
            narrator.say(
                "%-16s caught %d of %d, events to alarm %s, commands %s",
                cell.method(),
                cell.caught(),
                cell.runs(),
                cell.eventsToAlarm() == null ? "-" : cell.eventsToAlarm(),
                cell.commandsCompleted()));
    return new SuiteResult.AttackRow(attack.name(), attack.what(), attack.goals(), cells);
  }

  private SuiteResult.MethodCell stopped(Attack attack, String method, Watch watch)
      throws IOException, DemoException, InterruptedException {
    if (attack.atOnce()) {
      List<Integer> done = new SideBySide(attack, options.repeat()).carryOut();
      List<Sighting> alerts = watch.take(attack.tag());
      int processes = (int) alerts.stream().map(Sighting::pid).distinct().count();
      return cell(
          method,
          options.repeat(),
          Math.min(options.repeat(), processes),
          alerts.stream().map(Sighting::sequence).toList(),
          done);
    }
    List<Integer> completed = new ArrayList<>();
    List<Long> events = new ArrayList<>();
    int caught = 0;
    for (int run = 0; run < options.repeat(); run++) {
      prepare(attack, watch);
      completed.add(attack.deed().carryOut(run));
      AttackRun done = new AttackRun(Loot.NONE, watch.take(attack.tag()));
      caught += done.detected() ? 1 : 0;
      done.decisive().ifPresent(alert -> events.add(alert.sequence()));
    }
    return cell(method, options.repeat(), caught, events, completed);
  }

  private void prepare(Attack attack, Watch watch)
      throws IOException, DemoException, InterruptedException {
    if (attack.tag() == Gateway.TAG) {
      gateway.start();
      gateway.use(10, options.seed());
      watch.settle();
    }
  }

  /** The attack with nobody stopping it, for the methods that only look at what was recorded. */
  private List<SuiteResult.MethodCell> watched(
      Attack attack, Recorder recorder, Watch watch, Baselines baselines)
      throws IOException, DemoException, InterruptedException {
    Map<String, List<Long>> events = new LinkedHashMap<>();
    List<String> methods = List.of(Baselines.UNSEEN_CALLS, Baselines.EXEC_LIST, Baselines.STIDE);
    methods.forEach(method -> events.put(method, new ArrayList<>()));
    List<Integer> completed = new ArrayList<>();
    for (int run = 0; run < options.repeat() && completed.size() < options.repeat(); run++) {
      String part = "attack-" + attack.name() + "-" + run;
      prepare(attack, watch);
      recorder.begin(attack.tag(), part);
      if (attack.atOnce()) {
        completed.addAll(new SideBySide(attack, options.repeat()).carryOut());
      } else {
        completed.add(attack.deed().carryOut(run));
      }
      watch.settle();
      recorder.end(attack.tag());
      watch.take(attack.tag());
      List<RecordedTask> tasks = RecordedTask.read(recorder.file(attack.tag(), part));
      for (String method : methods) {
        List<Long> alarms = baselines.alarmsAt(method, tasks);
        events
            .get(method)
            .addAll(
                alarms.subList(0, Math.min(alarms.size(), attack.atOnce() ? options.repeat() : 1)));
      }
    }
    if (attack.goals() > completed.stream().mapToInt(Integer::intValue).max().orElse(0)) {
      narrator.say("NOT the whole attack works here even with nobody stopping it: %s", completed);
    }
    return methods.stream()
        .map(
            method ->
                cell(
                    method,
                    options.repeat(),
                    events.get(method).size(),
                    events.get(method),
                    completed))
        .toList();
  }

  static SuiteResult.MethodCell cell(
      String method, int runs, int caught, List<Long> events, List<Integer> completed) {
    return new SuiteResult.MethodCell(
        method, runs, caught, runs - caught, Percentiles.of(events).p50(), List.copyOf(completed));
  }
}
