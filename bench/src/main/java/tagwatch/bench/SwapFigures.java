// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of all loads together, from what {@code load:run} and {@code load:straddle} say. */
final class SwapFigures {
  private static final List<String> KINDS = List.of("scorer", "model", "policy", "transport");
  private static final List<String> HELD =
      List.of("heapKb", "metaspaceKb", "rssKb", "threads", "fds");
  private static final List<String> LEAKS =
      List.of("heap_kb", "metaspace_kb", "rss_kb", "threads", "fds");

  private final List<JsonObject> loads = new ArrayList<>();
  private JsonObject straddle = new JsonObject();

  void add(JsonObject load) {
    loads.add(load);
  }

  void cut(JsonObject result) {
    straddle = result;
  }

  /** The fields that {@code bench swap --json} is to have. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("emitted", sum("emitted"));
    json.addProperty("delivered", accounting("delivered"));
    json.addProperty("scored", accounting("scored"));
    json.addProperty("unknown", unknown());
    json.addProperty("waiting", accounting("waiting"));
    json.addProperty("lost", sum("lost"));
    json.addProperty("rescored", accounting("rescored"));
    json.addProperty("twice", twice());
    JsonObject swaps = new JsonObject();
    for (String kind : KINDS) {
      swaps.addProperty(kind, sumIn("swaps", kind));
    }
    json.add("swaps", swaps);
    json.add("pause_us", ages(pauses()));
    json.add("pause_us_control", ages(control()));
    JsonObject straddling = new JsonObject();
    straddling.addProperty("cuts", number(straddle, "cuts"));
    straddling.addProperty("caught", number(straddle, "caught"));
    json.add("straddling_attacks", straddling);
    json.add("leaks", leaks());
    return json;
  }

  private JsonObject leaks() {
    JsonObject leaks = new JsonObject();
    leaks.addProperty(
        "loaders", loads.stream().mapToInt(it -> it.getAsJsonArray("held").size()).sum());
    for (int i = 0; i < HELD.size(); i++) {
      String field = HELD.get(i);
      // the worst agent, not the sum: another one's shrinking is no excuse
      leaks.addProperty(
          LEAKS.get(i),
          loads.stream()
              .mapToLong(it -> number(it.getAsJsonObject("growth"), field))
              .max()
              .orElse(0));
    }
    return leaks;
  }

  private long sum(String field) {
    return loads.stream().mapToLong(it -> number(it, field)).sum();
  }

  private long sumIn(String object, String field) {
    return loads.stream().mapToLong(it -> number(it.getAsJsonObject(object), field)).sum();
  }

  private long accounting(String field) {
    return sumIn("accounting", field);
  }

  private static long number(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value == null ? 0 : value.getAsLong();
  }

  private static JsonObject unknownOf(JsonObject load) {
    return load.getAsJsonObject("accounting").getAsJsonObject("unknown");
  }

  private long unknown() {
    return loads.stream()
        .flatMap(it -> unknownOf(it).entrySet().stream())
        .mapToLong(reason -> reason.getValue().getAsLong())
        .sum();
  }

  /** Beyond those that the witness saw scored once; per load, so that none makes up for another. */
  private long twice() {
    return loads.stream()
        .mapToLong(
            it ->
                Math.max(
                    0,
                    number(it.getAsJsonObject("accounting"), "scored") - number(it, "scoredOnce")))
        .sum();
  }

  private static List<Double> numbers(JsonElement array) {
    List<Double> numbers = new ArrayList<>();
    array.getAsJsonArray().forEach(it -> numbers.add(it.getAsDouble()));
    return numbers;
  }

  private List<Double> pauses() {
    List<Double> all = new ArrayList<>();
    for (JsonObject load : numbered()) {
      load.getAsJsonObject("pausesUs")
          .entrySet()
          .forEach(way -> all.addAll(numbers(way.getValue())));
    }
    return all;
  }

  private List<Double> control() {
    List<Double> all = new ArrayList<>();
    numbered().forEach(load -> all.addAll(numbers(load.get("controlUs"))));
    return all;
  }

  /** Loads whose events have numbers: of others no age is known. */
  private List<JsonObject> numbered() {
    return loads.stream()
        .filter(it -> numbers(it.get("controlUs")).stream().anyMatch(age -> age > 0))
        .toList();
  }

  private static JsonObject ages(List<Double> ages) {
    JsonObject json = new JsonObject();
    if (!ages.isEmpty()) {
      Sample sample = Sample.of(ages);
      json.addProperty("p50", sample.median());
      json.addProperty("p99", sample.percentile(0.99));
      json.addProperty("max", sample.highest());
    }
    return json;
  }

  /** For a person: each load, and each way to swap. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (JsonObject load : loads) {
      JsonObject accounting = load.getAsJsonObject("accounting");
      text.append(
          String.format(
              Locale.ROOT,
              "emitted %,d, lost %,d by kind of swap %s, delivered %,d, scored %,d, unknown %s,"
                  + " waiting %,d, rescored %,d%n  seen from outside: accepted %,d, scored once"
                  + " %,d, rows out of place %,d%n  swaps %s, class loaders retired %,d, held %s,"
                  + " growth %s%n",
              number(load, "emitted"),
              number(load, "lost"),
              load.get("lostBy"),
              number(accounting, "delivered"),
              number(accounting, "scored"),
              unknownOf(load),
              number(accounting, "waiting"),
              number(accounting, "rescored"),
              number(load, "accepted"),
              number(load, "scoredOnce"),
              number(load, "strange"),
              load.get("swaps"),
              number(load, "retired"),
              load.get("held"),
              load.get("growth")));
      for (Map.Entry<String, JsonElement> way : load.getAsJsonObject("pausesUs").entrySet()) {
        text.append(line(way.getKey(), numbers(way.getValue())));
      }
      text.append(line("no swap", numbers(load.get("controlUs")))).append('\n');
    }
    text.append("attack: ").append(straddle).append('\n');
    return text.append(new GsonBuilder().setPrettyPrinting().create().toJson(json())).toString();
  }

  private static String line(String way, List<Double> ages) {
    if (ages.stream().noneMatch(age -> age > 0)) {
      return "";
    }
    Sample sample = Sample.of(ages);
    return String.format(
        Locale.ROOT,
        "  oldest unscored event, %-34s p50 %,9.0f us  p99 %,9.0f us  max %,9.0f us  (%d)%n",
        way,
        sample.median(),
        sample.percentile(0.99),
        sample.highest(),
        sample.size());
  }
}
