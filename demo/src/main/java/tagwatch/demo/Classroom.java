// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Path;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;

/**
 * Where models are learned: in the agent that watches, or, for an engine whose learner a device
 * does not have, in an agent beside it that does nothing else and ends with the lesson.
 */
final class Classroom {
  private final DemoOptions options;
  private final Workplace workplace;
  private final Narrator narrator;

  Classroom(DemoOptions options, Workplace workplace, Narrator narrator) {
    this.options = options;
    this.workplace = workplace;
    this.narrator = narrator;
  }

  /** Learns a model and tells about it. */
  Learned learn(AgentShell device, Path models, Lesson lesson, long requests) throws IOException {
    Narrator.Steps steps = narrator.steps("learning tag " + lesson.tag());
    if (!lesson.needsTrainer()) {
      return learned(device, models, lesson, requests, steps);
    }
    Path folder = workplace.folder().resolve("classroom");
    AgentLauncher launcher =
        new AgentLauncher(new AgentHome(folder).create(), options.trainer().runtime())
            .property("tagwatch.trainer.natives", options.trainer().natives().toString())
            .property("tagwatch.trainer.state", folder.resolve("training").toString());
    options.trainer().options().forEach(launcher::option);
    try (AgentProcess agent = launcher.start()) {
      return learned(new AgentShell(agent.client()), models, lesson, requests, steps);
    }
  }

  private Learned learned(
      AgentShell shell, Path models, Lesson lesson, long requests, Narrator.Steps steps)
      throws IOException {
    Learned learned = Learned.of(lesson.tag(), shell.learn(lesson, models, steps), requests);
    learned.tell(narrator, lesson);
    return learned;
  }
}
