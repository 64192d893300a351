// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * How a tag's model is learned.
 *
 * <p>An order is only for a Markov model; a network has the window of 2020.
 *
 * @param tag the tag
 * @param engine learner
 * @param order events of context
 * @param rolling events that the anomaly score is the mean of
 * @param rule how the threshold is found
 * @param features that tell events of one hook apart, with commas; empty for none
 * @param recordings to learn from
 */
record Lesson(
    int tag,
    String engine,
    int order,
    int rolling,
    String rule,
    String features,
    List<Path> recordings) {
  private static final String NETWORK = "tflite";

  /** The white paper's rule, for the server that is attacked. */
  static Lesson device(int tag, String engine, List<Path> recordings) {
    return new Lesson(tag, engine, 3, 32, "max:2", "", recordings);
  }

  /** Another order, window and rule, for the server beside it. */
  static Lesson sensors(int tag, String engine, List<Path> recordings) {
    return new Lesson(tag, engine, 2, 20, "quantile:1", "", recordings);
  }

  /** For the small server that is one process: few events are all that an overflow needs. */
  static Lesson gateway(int tag, String engine, List<Path> recordings) {
    return new Lesson(tag, engine, 3, 8, "max:2", "", recordings);
  }

  /** The same on symbols that hold what a call was made with, too. */
  Lesson withFeatures(String names) {
    return new Lesson(tag, engine, order, rolling, rule, names, recordings);
  }

  /** The same with another rule. */
  Lesson withRule(String another) {
    return new Lesson(tag, engine, order, rolling, another, features, recordings);
  }

  /** The engine of the second tag: beside a network, the other one. */
  static String beside(String engine) {
    return engine.equals(NETWORK) ? "markov" : engine;
  }

  /** Whether a device has no learner for it. */
  boolean needsTrainer() {
    return engine.equals(NETWORK);
  }

  /** The context, for a person. */
  String context() {
    return needsTrainer() ? "a network that sees 10 events" : "order " + order;
  }

  String command(Path models) {
    StringBuilder command = new StringBuilder("tagwatch:learn --tag ").append(tag);
    command.append(" --engine ").append(engine);
    if (!needsTrainer()) {
      command.append(" --option order=").append(order);
    }
    command.append(" --rolling ").append(rolling).append(" --threshold ").append(rule);
    if (!features.isEmpty()) {
      command.append(" --features ").append(features);
    }
    command.append(" --models '").append(models).append('\'');
    recordings.forEach(file -> command.append(" '").append(file).append('\''));
    return command.toString();
  }
}
