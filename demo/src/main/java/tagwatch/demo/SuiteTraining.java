// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the suite's models are learned from: benign traffic, restarts, reloads, rotations. */
final class SuiteTraining {
  private static final String FEATURE_NAMES = "path,flags";

  /** The highest score of any part that was left out: more eager than the white paper's rule. */
  private static final String HELD_OUT_RULE = "quantile:1";

  private static final int GATEWAY_STARTS = 8;
  private static final int GATEWAY_REQUESTS = 320;

  private final DemoOptions options;
  private final Workplace workplace;
  private final Narrator narrator;
  private final LiveAgent agent;
  private final ProtectedServer device;
  private final Gateway gateway;

  SuiteTraining(
      DemoOptions options,
      Workplace workplace,
      Narrator narrator,
      LiveAgent agent,
      ProtectedServer device,
      Gateway gateway) {
    this.options = options;
    this.workplace = workplace;
    this.narrator = narrator;
    this.agent = agent;
    this.device = device;
    this.gateway = gateway;
  }

  /** Records benign traffic and what happens to a server besides, and learns. */
  List<Suite.Frozen> learn(Recorder recorder)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("Learning from benign traffic");
    recorder.begin(LiveDemo.DEVICE, Recorder.TRAINING);
    recorder.begin(Gateway.TAG, Recorder.TRAINING);
    List<Visit> visits =
        device.site().visits(Audience.TRAINING, options.trainingRequests(), options.seed());
    use(visits);
    recorder.end(LiveDemo.DEVICE);
    recorder.end(Gateway.TAG);
    return models(recorder);
  }

  private void use(List<Visit> visits) throws IOException, DemoException, InterruptedException {
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
  }

  private List<Suite.Frozen> models(Recorder recorder) throws IOException {
    List<Path> first = List.of(recorder.file(LiveDemo.DEVICE, Recorder.TRAINING));
    List<Path> second = List.of(recorder.file(Gateway.TAG, Recorder.TRAINING));
    String engine = options.engine();
    Lesson ofDevice = Lesson.device(LiveDemo.DEVICE, engine, first);
    Lesson ofGateway = Lesson.gateway(Gateway.TAG, engine, second);
    List<Suite.Frozen> frozen = new ArrayList<>();
    for (Lesson lesson : List.of(ofDevice, ofGateway)) {
      long requests =
          lesson.tag() == LiveDemo.DEVICE ? options.trainingRequests() : GATEWAY_REQUESTS;
      frozen.add(learn(Suite.HOOKS, lesson, requests));
      frozen.add(learn(Suite.FEATURES, lesson.withFeatures(FEATURE_NAMES), requests));
      frozen.add(learn(Suite.HELD_OUT, lesson.withRule(HELD_OUT_RULE), requests));
    }
    return frozen;
  }

  private Suite.Frozen learn(String method, Lesson lesson, long requests) throws IOException {
    return new Suite.Frozen(
        method,
        new Classroom(options, workplace, narrator)
            .learn(agent.shell(), agent.home().models(), lesson, requests),
        lesson);
  }
}
