// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tagwatch.event.ExeinHooks;
import tagwatch.event.Vocabulary;

/**
 * What the player of 2020 reads beside a network: an {@code .ini} file with the section {@code
 * [PARAMS]}.
 *
 * @param window events before the one that is scored
 * @param rolling surprises that the anomaly score is the mean of
 * @param threshold a mean above it, strictly, is a signal
 * @param tag of the protected programs
 * @param hooks listed ids in class order, without the entry -1
 * @param otherClass where the entry -1 stands: the network's class of every hook that is not listed
 */
record PublishedParameters(
    int window, int rolling, float threshold, int tag, List<Integer> hooks, int otherClass) {

  private static final int EVERY_OTHER_HOOK = -1;
  private static final int MOST_STEPS = 127;
  private static final int MOST_HOOKS = 32_766;
  private static final int LAST_ID = 0xffff;
  private static final String SECTION = "[PARAMS]";

  /** Reads and checks; the message of the exception names the file, the field and its value. */
  static PublishedParameters read(Path file) throws IOException, Failure {
    Map<String, String> fields = fields(file);
    List<Integer> hooks = new ArrayList<>();
    for (String id : required(file, fields, "hooks").split(",", -1)) {
      hooks.add(integer(file, "hooks", id.strip(), EVERY_OTHER_HOOK, LAST_ID));
    }
    int otherClass = hooks.indexOf(EVERY_OTHER_HOOK);
    require(
        file,
        otherClass >= 0 && hooks.stream().distinct().count() == hooks.size(),
        "hooks",
        fields.get("hooks"),
        "distinct ids, one of them -1 for every other hook");
    hooks.remove(otherClass);
    require(
        file,
        !hooks.isEmpty() && hooks.size() <= MOST_HOOKS,
        "hooks",
        hooks.size() + " ids",
        "1.." + MOST_HOOKS + " beside -1");
    return new PublishedParameters(
        integer(file, fields, "window_size", 1, MOST_STEPS),
        integer(file, fields, "rolling_size", 1, MOST_STEPS),
        threshold(file, required(file, fields, "threshold")),
        integer(file, fields, "tag", 0, LAST_ID),
        List.copyOf(hooks),
        otherClass);
  }

  private static Map<String, String> fields(Path file) throws IOException, Failure {
    Map<String, String> fields = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      String text = line.strip();
      if (text.startsWith("[")) {
        inside = text.equalsIgnoreCase(SECTION);
      } else if (inside && text.contains("=") && !text.startsWith("#") && !text.startsWith(";")) {
        int at = text.indexOf('=');
        fields.put(text.substring(0, at).strip(), text.substring(at + 1).strip());
      }
    }
    if (fields.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED, file + ": has no section " + SECTION + " with NAME = VALUE lines");
    }
    return fields;
  }

  private static String required(Path file, Map<String, String> fields, String field)
      throws Failure {
    String value = fields.get(field);
    require(file, value != null, field, "missing", "a value");
    return value;
  }

  private static int integer(
      Path file, Map<String, String> fields, String field, int least, int most) throws Failure {
    return integer(file, field, required(file, fields, field), least, most);
  }

  private static int integer(Path file, String field, String value, int least, int most)
      throws Failure {
    boolean number = value.matches("-?[0-9]{1,6}");
    int parsed = number ? Integer.parseInt(value) : least;
    require(
        file,
        number && parsed >= least && parsed <= most,
        field,
        "'" + value + "'",
        least + ".." + most);
    return parsed;
  }

  private static float threshold(Path file, String value) throws Failure {
    float parsed = Float.NaN;
    try {
      parsed = Float.parseFloat(value);
    } catch (NumberFormatException e) {
      // told below, with what is allowed
    }
    require(
        file,
        Float.isFinite(parsed) && parsed > 0,
        "threshold",
        "'" + value + "'",
        "a number above 0");
    return parsed;
  }

  private static void require(Path file, boolean holds, String field, Object value, String allowed)
      throws Failure {
    if (!holds) {
      throw new Failure(
          ExitCode.FAILED,
          file + ": field '" + field + "' is " + value + ", allowed is " + allowed);
    }
  }

  /** Classes of the model: the listed hooks, and behind them every other one. */
  int classes() {
    return hooks.size() + 1;
  }

  /** The model's class of each listed id. */
  Map<Integer, Short> classOfHook() {
    Map<Integer, Short> classes = new HashMap<>();
    for (int i = 0; i < hooks.size(); i++) {
      classes.put(hooks.get(i), (short) i);
    }
    return classes;
  }

  /** The model's class that a class of the network is. */
  int classOfOutput(int output) {
    return output == otherClass ? hooks.size() : output < otherClass ? output : output - 1;
  }

  /** The hooks by name, in class order. */
  List<String> symbols() {
    Vocabulary vocabulary = ExeinHooks.vocabulary();
    return hooks.stream().map(vocabulary::nameOf).toList();
  }
}
