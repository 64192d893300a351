// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

/**
 * When events are due.
 *
 * @param fast as soon as somebody polls
 * @param rate events a second; 0 for the recorded distances
 */
record Speed(boolean fast, double rate) {
  private static final double NANOS = 1e9;
  private static final double MAX_RATE = 1e9;

  static Speed parse(String text) {
    return switch (text) {
      case "fast" -> new Speed(true, 0);
      case "recorded" -> new Speed(false, 0);
      default -> ofRate(text);
    };
  }

  private static Speed ofRate(String text) {
    try {
      double rate = Double.parseDouble(text);
      if (rate > 0 && rate <= MAX_RATE) {
        return new Speed(false, rate);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "speed is neither recorded nor fast nor a rate of events/s up to 1e9: " + text);
  }

  /**
   * When the next record is due, in nanoseconds since the start of the replay.
   *
   * @param scheduled events before it
   * @param recordedNs its recorded distance from the start
   */
  long dueNs(long scheduled, long recordedNs) {
    if (fast) {
      return 0;
    }
    return rate > 0 ? (long) (scheduled / rate * NANOS) : recordedNs;
  }
}
