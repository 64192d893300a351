// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tagwatch.scorer.ModelException;

/**
 * How a model is run: the options of its manifest.
 *
 * @param xnnpack whether the XNNPACK kernels are used: several times faster, not bit-exact
 * @param threads of one inference
 * @param otherClass the network's class of every event that the model does not list
 */
public record EngineOptions(boolean xnnpack, int threads, int otherClass) {
  /** {@code true} (default) or {@code false}. */
  public static final String XNNPACK = "xnnpack";

  /** 1 (default) to 16. */
  public static final String THREADS = "threads";

  /** Where files of 2020 have their entry -1; the last class unless set. */
  public static final String OTHER_CLASS = "otherClass";

  private static final List<String> NAMES = List.of(OTHER_CLASS, THREADS, XNNPACK);
  private static final int MOST_THREADS = 16;

  /**
   * Reads the options of a model.
   *
   * @throws ModelException names the origin, the option, its value and what is allowed
   */
  static EngineOptions parse(String origin, Map<String, String> options, int classes)
      throws ModelException {
    for (String name : new TreeSet<>(options.keySet())) {
      if (!NAMES.contains(name)) {
        throw refusal(origin, name, options.get(name), "no such option; there are " + NAMES);
      }
    }
    String xnnpack = options.getOrDefault(XNNPACK, "true");
    if (!xnnpack.equals("true") && !xnnpack.equals("false")) {
      throw refusal(origin, XNNPACK, xnnpack, "true or false");
    }
    return new EngineOptions(
        xnnpack.equals("true"),
        number(origin, options, THREADS, 1, 1, MOST_THREADS),
        number(origin, options, OTHER_CLASS, classes - 1, 0, classes - 1));
  }

  private static int number(
      String origin, Map<String, String> options, String name, int absent, int least, int most)
      throws ModelException {
    String value = options.get(name);
    if (value == null) {
      return absent;
    }
    // A pattern, because parseInt would also take "+5" and digits of other scripts.
    int number = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : -1;
    if (number < least || number > most) {
      throw refusal(origin, name, value, least + ".." + most);
    }
    return number;
  }

  private static ModelException refusal(String origin, String name, String found, String allowed) {
    return new ModelException(
        origin + ": option " + name + ": found " + found + ", allowed: " + allowed);
  }
}
