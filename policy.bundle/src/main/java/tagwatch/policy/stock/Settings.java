// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import java.util.Locale;
import java.util.Map;
import tagwatch.event.Verdict;

/** Checked settings of an enforcing policy. */
record Settings(Verdict.Scope scope, int budget, boolean spareRoot) {
  static final String DEFAULT_SCOPE = "subtree";
  static final int DEFAULT_BUDGET = 20;
  static final boolean DEFAULT_SPARE_ROOT = true;

  /** Every decision looks through what was spent in the last minute. */
  static final int MAX_BUDGET = 1000;

  static final Settings DEFAULT =
      new Settings(Verdict.Scope.SUBTREE, DEFAULT_BUDGET, DEFAULT_SPARE_ROOT);

  private static final String FILE = "felix.fileinstall.filename";

  /**
   * Values may be typed or text, as configuration files give them; what is missing has its default.
   *
   * @throws IllegalArgumentException names PID, field, value, what is allowed, and the file if
   *     known
   */
  static Settings of(String pid, Map<String, Object> configuration) {
    Verdict.Scope scope = scope(pid, configuration);
    boolean spareRoot = spareRoot(pid, configuration);
    if (scope == Verdict.Scope.TAG && spareRoot) {
      throw bad(
          pid,
          configuration,
          "scope",
          "process or subtree while spareRoot is true: acting on a whole tag ends its root too;"
              + " set spareRoot=false if that is meant");
    }
    return new Settings(scope, budget(pid, configuration), spareRoot);
  }

  private static Verdict.Scope scope(String pid, Map<String, Object> configuration) {
    return switch (text(configuration, "scope", DEFAULT_SCOPE)) {
      case "process" -> Verdict.Scope.PROCESS;
      case "subtree" -> Verdict.Scope.SUBTREE;
      case "tag" -> Verdict.Scope.TAG;
      default -> throw bad(pid, configuration, "scope", "process, subtree or tag");
    };
  }

  private static int budget(String pid, Map<String, Object> configuration) {
    String text = text(configuration, "budget", Integer.toString(DEFAULT_BUDGET));
    try {
      int budget = Integer.parseInt(text);
      if (budget >= 0 && budget <= MAX_BUDGET) {
        return budget;
      }
    } catch (NumberFormatException e) {
      // the same answer as for a number out of range
    }
    throw bad(pid, configuration, "budget", "a whole number from 0 to " + MAX_BUDGET);
  }

  private static boolean spareRoot(String pid, Map<String, Object> configuration) {
    return switch (text(configuration, "spareRoot", Boolean.toString(DEFAULT_SPARE_ROOT))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(pid, configuration, "spareRoot", "true or false");
    };
  }

  private static String text(Map<String, Object> configuration, String field, String otherwise) {
    Object value = configuration.get(field);
    return value == null ? otherwise : value.toString().trim().toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException bad(
      String pid, Map<String, Object> configuration, String field, String allowed) {
    Object file = configuration.get(FILE);
    return new IllegalArgumentException(
        pid
            + ": "
            + field
            + " is "
            + configuration.get(field)
            + ", allowed: "
            + allowed
            + (file == null ? "" : " (in " + file + ")"));
  }

  @Override
  public String toString() {
    return "scope="
        + scope.name().toLowerCase(Locale.ROOT)
        + " budget="
        + budget
        + " spareRoot="
        + spareRoot;
  }
}
