// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Locale;
import tagwatch.event.Verdict;
import tagwatch.player.Gate;
import tagwatch.transport.Subscription;

/** How one tag is watched; checked. */
record TagSettings(
    int tag,
    String transport,
    Subscription.Mode mode,
    Gate gate,
    String policy,
    Verdict failSafe,
    int retained,
    int rowBudgetUs,
    int watchdogMs,
    int shadowAlarms) {

  private static final int MIN_RETAINED = 128;
  private static final int MAX_RETAINED = 4096;

  /**
   * Checks a configuration; {@link IllegalArgumentException} names field, value and what is
   * allowed.
   */
  static TagSettings of(TagComponent.Config config) {
    require(config.tag() >= 0 && config.tag() <= 0xffff, "tag", config.tag(), "0..65535");
    int retained = config.retained();
    require(
        retained >= MIN_RETAINED && retained <= MAX_RETAINED && Integer.bitCount(retained) == 1,
        "retained",
        retained,
        "a power of two, " + MIN_RETAINED + ".." + MAX_RETAINED);
    require(!config.transport().isBlank(), "transport", "''", "a transport's name");
    require(!config.policy().isBlank(), "policy", "''", "a policy's name");
    return new TagSettings(
        config.tag(),
        config.transport(),
        constant(Subscription.Mode.class, "mode", config.mode()),
        constant(Gate.class, "gate", config.gate()),
        config.policy(),
        new Verdict(
            constant(Verdict.Kind.class, "failSafe", config.failSafe()), Verdict.Scope.SUBTREE),
        retained,
        within("rowBudget", config.rowBudget(), 1, 1_000_000),
        within("watchdog", config.watchdog(), 50, 60_000),
        within("shadowAlarms", config.shadowAlarms(), 0, 1_000_000));
  }

  private static int within(String field, int value, int least, int most) {
    require(value >= least && value <= most, field, value, least + ".." + most);
    return value;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String field, String value) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(value)) {
        return constant;
      }
    }
    StringBuilder allowed = new StringBuilder("one of");
    for (E constant : type.getEnumConstants()) {
      allowed.append(' ').append(constant.name().toLowerCase(Locale.ROOT));
    }
    throw new IllegalArgumentException(
        "field '" + field + "' is '" + value + "', allowed is " + allowed);
  }

  private static void require(boolean holds, String field, Object value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(
          "field '" + field + "' is " + value + ", allowed is " + allowed);
    }
  }
}
