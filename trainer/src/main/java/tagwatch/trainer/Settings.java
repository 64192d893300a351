// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tagwatch.scorer.ModelException;

/**
 * How to learn.
 *
 * @param window events of context
 * @param width filters of the first convolutions
 * @param epochs most passes over the data
 * @param patience passes without a better held-out loss after which learning ends
 * @param batch rows of a step
 * @param repeats most occurrences of a row that one entry of a pass stands for
 * @param rate pace of the first steps
 * @param seed of the start and of the order of the rows
 * @param weights how weights are written
 * @param resume whether to go on from what an earlier, interrupted run of the same order left
 */
record Settings(
    int window,
    int width,
    int epochs,
    int patience,
    int batch,
    int repeats,
    double rate,
    long seed,
    WeightFormat weights,
    boolean resume) {

  private enum Option {
    WINDOW("window", "10", "events of context, 4-127"),
    WIDTH("width", "32", "filters of the first convolutions, 4-256; 32 is the network of 2020"),
    EPOCHS("epochs", "60", "most passes over the data, 1-1000"),
    PATIENCE("patience", "6", "passes without a better held-out loss before the end, 1-1000"),
    BATCH("batch", "64", "rows of a step, 1-8192"),
    REPEATS("repeats", "16", "most occurrences of a row that a step learns at once, 1-1000000"),
    RATE("rate", "0.001", "pace of the first steps, above 0, at most 0.1"),
    SEED("seed", "1", "of the start and of the order of the rows, a whole number"),
    WEIGHTS("weights", "float", "how weights are written, float or int8"),
    RESUME(
        "resume", "true", "go on where an interrupted run of the same order ended, true or false");

    private final String label;
    private final String fallback;
    private final String meaning;

    Option(String label, String fallback, String meaning) {
      this.label = label;
      this.fallback = fallback;
      this.meaning = meaning;
    }
  }

  /** Meaning, range and default of each option. */
  static Map<String, String> described() {
    Map<String, String> described = new LinkedHashMap<>();
    for (Option option : Option.values()) {
      described.put(option.label, option.meaning + " (" + option.fallback + ")");
    }
    return described;
  }

  static Settings parse(Map<String, String> options) throws ModelException {
    for (String name : new TreeSet<>(options.keySet())) {
      if (!described().containsKey(name)) {
        throw new ModelException(
            "option '" + name + "' is unknown; there are " + described().keySet());
      }
    }
    return new Settings(
        (int) whole(options, Option.WINDOW, 4, 127),
        (int) whole(options, Option.WIDTH, 4, 256),
        (int) whole(options, Option.EPOCHS, 1, 1000),
        (int) whole(options, Option.PATIENCE, 1, 1000),
        (int) whole(options, Option.BATCH, 1, 8192),
        (int) whole(options, Option.REPEATS, 1, 1_000_000),
        rate(options),
        whole(options, Option.SEED, Long.MIN_VALUE, Long.MAX_VALUE),
        weights(options),
        choice(options, Option.RESUME, "true", "false").equals("true"));
  }

  /** Everything that decides what is learned, as text; not how it is written down. */
  String course() {
    return new TreeMap<>(
            Map.of(
                "window", window,
                "width", width,
                "epochs", epochs,
                "patience", patience,
                "batch", batch,
                "repeats", repeats,
                "rate", rate,
                "seed", seed))
        .toString();
  }

  private static String text(Map<String, String> options, Option option) {
    return options.getOrDefault(option.label, option.fallback);
  }

  private static long whole(Map<String, String> options, Option option, long least, long most)
      throws ModelException {
    String text = text(options, option);
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new ModelException(refusal(option, text), e);
    }
    throw new ModelException(refusal(option, text));
  }

  private static double rate(Map<String, String> options) throws ModelException {
    String text = text(options, Option.RATE);
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && value <= 0.1) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new ModelException(refusal(Option.RATE, text), e);
    }
    throw new ModelException(refusal(Option.RATE, text));
  }

  private static WeightFormat weights(Map<String, String> options) throws ModelException {
    return choice(options, Option.WEIGHTS, "float", "int8").equals("int8")
        ? WeightFormat.INT8
        : WeightFormat.FLOAT;
  }

  private static String choice(Map<String, String> options, Option option, String one, String other)
      throws ModelException {
    String text = text(options, option);
    if (!text.equals(one) && !text.equals(other)) {
      throw new ModelException(refusal(option, text));
    }
    return text;
  }

  private static String refusal(Option option, String value) {
    return "option '" + option.label + "' is " + value + "; it is: " + option.meaning;
  }
}
