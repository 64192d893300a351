// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attack suite on this machine's kernel: models and thresholds first, attacks after, each one
 * against each model that stops it, and once more with nobody stopping it, for the baselines.
 */
final class Suite {
  /** The white paper's rule on calls alone. */
  static final String HOOKS = "markov";

  /** The same on symbols that hold what a call was made with, too. */
  static final String FEATURES = "markov-features";

  /** The same with a threshold from parts that were left out. */
  static final String HELD_OUT = "markov-held-out";

  /** Every model, by the name that the table shows. */
  static final List<String> MODELS = List.of(HOOKS, FEATURES, HELD_OUT);

  private static final long SETTLE_LIMIT_MS = 5_000;

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
    List<Frozen> frozen =
        new SuiteTraining(options, workplace, narrator, agent, device, gateway).learn(recorder);
    Baselines ofDevice = baselines(recorder, LiveDemo.DEVICE);
    Baselines ofGateway = baselines(recorder, Gateway.TAG);
    agent.stop();

    agent.start("monitor");
    Watch watch = new Watch(agent, new AlertDesk(agent.shell(), narrator), frozen);
    watch.begin();
    Recorder second = new Recorder(agent.shell(), folder("recordings"));
    SuiteResult.Benign benign =
        new QuietTest(options, narrator, device, gateway, watch).run(second, ofDevice, ofGateway);
    tell(frozen, ofDevice, ofGateway);
    SuiteResult.SoakRow soak = null;
    if (options.soakRequests() > 0) {
      watch.use(HOOKS, "monitor");
      soak = new Soak(options, narrator, agent, device, watch, second, ofDevice).run();
    }
    Campaign campaign = new Campaign(options, narrator, gateway, watch, second);
    List<SuiteResult.AttackRow> rows = new ArrayList<>();
    for (Attack attack : new Attacks(device, attacker, gateway).all()) {
      if (options.attacks().contains(attack.name())) {
        Baselines baselines = attack.tag() == Gateway.TAG ? ofGateway : ofDevice;
        rows.add(campaign.carryOut(attack, baselines));
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

  private static Baselines baselines(Recorder recorder, int tag) throws IOException {
    return new Baselines(RecordedTask.read(recorder.file(tag, Recorder.TRAINING)));
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
}
