// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that was stopped.
 *
 * @param micros from the kernel's time of the event that crossed the threshold to its end
 * @param decidedMicros from the same to the verdict being in force
 * @param callsAfter that it made in between
 */
record Kill(double micros, double decidedMicros, long callsAfter) {

  /**
   * The alerts of {@code tagwatch:alerts --json} that led to an end, with a higher id. One about
   * the end itself stopped nobody.
   */
  static List<Kill> of(Iterable<JsonElement> alerts, long after) {
    List<Kill> kills = new ArrayList<>();
    for (JsonElement element : alerts) {
      JsonObject alert = element.getAsJsonObject();
      if (alert.get("id").getAsLong() > after
          && alert.get("blocked").getAsBoolean()
          && !alert.get("exitedNs").isJsonNull()) {
        long event = alert.getAsJsonObject("detection").get("timestampNs").getAsLong();
        long exited = alert.get("exitedNs").getAsLong();
        if (exited > event) {
          kills.add(
              new Kill(
                  (exited - event) / 1e3,
                  (alert.get("decidedNs").getAsLong() - event) / 1e3,
                  alert.get("callsAfter").getAsLong()));
        }
      }
    }
    return kills;
  }
}
