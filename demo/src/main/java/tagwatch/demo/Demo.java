// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Objects;
import java.util.Optional;

/**
 * The demo: two real servers, benign traffic, two models, and an attack that is stopped. Where the
 * machine does not allow that, the same from a recorded run. One object, one run.
 */
public final class Demo {
  private final DemoOptions options;

  /** Nothing is started yet. */
  public Demo(DemoOptions options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * Runs it and cleans up, also when this process is told to end meanwhile.
   *
   * @param human told what happens, for a person
   * @return the result; with {@code serve} only after an interruption
   * @throws DemoException if it cannot be shown; the message says why and what to do
   */
  public DemoResult run(PrintStream human) throws DemoException, IOException, InterruptedException {
    Narrator narrator = new Narrator(human, options.quiet());
    if (options.replay()) {
      narrator.say("From a recording, as asked: nothing is monitored live.");
      return replayed(narrator);
    }
    Optional<String> obstacle;
    try (Workplace workplace = Workplace.open(options)) {
      LiveDemo live = new LiveDemo(options, workplace, narrator);
      obstacle = live.obstacle();
      if (obstacle.isEmpty()) {
        return live.run();
      }
    }
    if (options.recordings().isEmpty()
        || options.serve()
        || options.swap()
        || options.saveRecordings().isPresent()) {
      throw new DemoException("live monitoring does not work here: " + obstacle.get());
    }
    narrator.say(
        "Live monitoring does not work here, so this is a recorded run: " + obstacle.get());
    return replayed(narrator);
  }

  /**
   * Carries the attack suite out, and cleans up.
   *
   * @param human told what happens, for a person
   * @throws DemoException if it cannot be shown; the message says why and what to do
   */
  public SuiteResult runAttacks(PrintStream human)
      throws DemoException, IOException, InterruptedException {
    Narrator narrator = new Narrator(human, options.quiet());
    try (Workplace workplace = Workplace.open(options)) {
      Suite suite = new Suite(options, workplace, narrator);
      Optional<String> obstacle = suite.obstacle();
      if (obstacle.isPresent()) {
        throw new DemoException("live monitoring does not work here: " + obstacle.get());
      }
      SuiteResult result = suite.run();
      SuiteTable.tell(narrator, result);
      return result;
    }
  }

  private DemoResult replayed(Narrator narrator)
      throws DemoException, IOException, InterruptedException {
    try (Workplace workplace = Workplace.open(options)) {
      return new ReplayDemo(options, workplace, narrator).run();
    }
  }
}
