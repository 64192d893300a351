// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tagwatch.evaluation.EvaluationRequest;

/** The arguments of {@code evaluate}, checked. */
final class EvaluateOrder {
  /** Every engine that can learn. */
  private static final String COMBINED = "combined";

  /** What is learned with unless somebody says otherwise: the baseline that others publish. */
  private static final Map<String, Map<String, String>> DEFAULTS =
      Map.of("markov", Map.of("order", "6"));

  private final Path folder;
  private final String engine;
  private final Map<String, Map<String, String>> options = new TreeMap<>();
  private Path train;
  private Optional<Path> score = Optional.empty();
  private Optional<Path> normal = Optional.empty();
  private Optional<Path> attack = Optional.empty();
  private int rolling;
  private double promised;
  private int blocks;
  private boolean keepCopies;

  EvaluateOrder(Path folder, String engine, String[] words) throws CommandFailure {
    this.folder = folder;
    this.engine = engine;
    Iterator<String> rest = Arrays.asList(words).iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      if (!word.equals("--option") || !rest.hasNext()) {
        throw new CommandFailure(
            "unknown or unfinished option " + word + "; see 'help tagwatch:evaluate'");
      }
      option(rest.next());
    }
  }

  private void option(String assignment) throws CommandFailure {
    int colon = assignment.indexOf(':');
    int equals = assignment.indexOf('=');
    if (colon < 1 || equals < colon + 2) {
      throw new CommandFailure(
          "--option '" + assignment + "' is not of the form format:name=value");
    }
    options
        .computeIfAbsent(assignment.substring(0, colon), format -> new TreeMap<>())
        .put(assignment.substring(colon + 1, equals), assignment.substring(equals + 1));
  }

  EvaluateOrder files(String trained, String scored, String normals, String attacks)
      throws CommandFailure {
    train =
        path(trained)
            .orElseThrow(
                () -> new CommandFailure("--train is missing; name a file of normal traces"));
    score = path(scored);
    normal = path(normals);
    attack = path(attacks);
    return this;
  }

  private Optional<Path> path(String given) {
    return given.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(given).normalize());
  }

  EvaluateOrder numbers(String events, String rate, String parts) throws CommandFailure {
    rolling = (int) number("--rolling", events);
    promised = number("--false-positives", rate);
    blocks = (int) number("--blocks", parts);
    return this;
  }

  EvaluateOrder keepCopies(boolean keep) {
    keepCopies = keep;
    return this;
  }

  private static double number(String name, String text) throws CommandFailure {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new CommandFailure(name + " '" + text + "' is not a number", e);
    }
  }

  /** The formats that are wanted. */
  List<String> formats(List<String> here) {
    return engine.equals(COMBINED) ? here : List.of(engine.split("\\+", -1));
  }

  Map<String, String> options(String format) {
    Map<String, String> all = new TreeMap<>(DEFAULTS.getOrDefault(format, Map.of()));
    all.putAll(options.getOrDefault(format, Map.of()));
    return all;
  }

  EvaluationRequest request() {
    return new EvaluationRequest(
        train, score, normal, attack, rolling, promised, blocks, keepCopies);
  }
}
