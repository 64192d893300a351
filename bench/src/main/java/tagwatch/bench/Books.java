// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;

/**
 * An agent's accounting, over all sources and tags.
 *
 * @param emitted counted in the kernel
 * @param lost never accepted
 * @param delivered accepted by the player
 * @param scored got a surprise
 * @param unknown never will
 * @param waiting have none yet
 * @param recovered first lost, then brought by an image; part of {@code delivered}
 */
record Books(
    long emitted,
    long lost,
    long delivered,
    long scored,
    long unknown,
    long waiting,
    long recovered) {

  /** Reads what {@code tagwatch:counters --json} answers. */
  static Books of(JsonObject counters) {
    long emitted = 0;
    long lost = 0;
    for (Map.Entry<String, JsonElement> source : counters.getAsJsonObject("sources").entrySet()) {
      emitted += number(source.getValue(), "emitted");
      lost += number(source.getValue(), "lost");
    }
    Books books = new Books(emitted, lost, 0, 0, 0, 0, 0);
    for (Map.Entry<String, JsonElement> tag : counters.getAsJsonObject("tags").entrySet()) {
      books = books.plus(tag.getValue().getAsJsonObject());
    }
    return books;
  }

  private Books plus(JsonObject tag) {
    long reasons = 0;
    for (Map.Entry<String, JsonElement> reason : tag.getAsJsonObject("unknown").entrySet()) {
      reasons += reason.getValue().getAsLong();
    }
    return new Books(
        emitted,
        lost,
        delivered + number(tag, "delivered"),
        scored + number(tag, "scored"),
        unknown + reasons,
        waiting + number(tag, "waiting"),
        recovered + number(tag, "recovered"));
  }

  private static long number(JsonElement object, String name) {
    JsonElement value = object.getAsJsonObject().get(name);
    return value == null ? 0 : value.getAsLong();
  }

  /** What happened since an earlier moment; what waits is what waits now. */
  Books since(Books before) {
    return new Books(
        emitted - before.emitted,
        lost - before.lost,
        delivered - before.delivered,
        scored - before.scored,
        unknown - before.unknown,
        waiting,
        recovered - before.recovered);
  }

  /** Whether each event that the kernel counted is where the accounting says. */
  boolean balanced() {
    return emitted == delivered + lost && delivered == scored + unknown + waiting;
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("emitted", emitted);
    json.addProperty("lost", lost);
    json.addProperty("delivered", delivered);
    json.addProperty("scored", scored);
    json.addProperty("unknown", unknown);
    json.addProperty("waiting", waiting);
    json.addProperty("recovered", recovered);
    json.addProperty("balanced", balanced());
    return json;
  }
}
