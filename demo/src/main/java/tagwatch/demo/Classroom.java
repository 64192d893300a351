// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.nio.file.Path;
import tagwatch.agent.AgentException;

/** Learns a model in a running agent and tells about it. */
final class Classroom {
  private Classroom() {}

  static Learned learn(
      AgentShell shell, Path models, Narrator narrator, Lesson lesson, long requests)
      throws AgentException {
    Narrator.Steps steps = narrator.steps("learning tag " + lesson.tag());
    Learned learned = Learned.of(lesson.tag(), shell.learn(lesson, models, steps), requests);
    learned.tell(narrator, lesson);
    return learned;
  }
}
