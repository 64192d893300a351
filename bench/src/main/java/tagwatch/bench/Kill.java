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
 * @param callsAfter that it made in between
 */
record Kill(double micros, long callsAfter) {

  /** The alerts of {@code tagwatch:alerts --json} that led to an end, with a higher id. */
  static List<Kill> of(Iterable<JsonElement> alerts, long after) {
    List<Kill> kills = new ArrayList<>();
    for (JsonElement element : alerts) {
      JsonObject alert = element.getAsJsonObject();
      if (alert.get("id").getAsLong() > after
          && alert.get("blocked").getAsBoolean()
          && !alert.get("exitedNs").isJsonNull()) {
        long event = alert.getAsJsonObject("detection").get("timestampNs").getAsLong();
        kills.add(
            new Kill(
                (alert.get("exitedNs").getAsLong() - event) / 1e3,
                alert.get("callsAfter").getAsLong()));
      }
    }
    return kills;
  }
}
