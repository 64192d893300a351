// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The accounting of one agent at one moment.
 *
 * @param emitted counted by the source
 * @param lost never accepted
 * @param uncovered overwritten before they were fetched
 * @param tasks that came into view
 * @param firstScoreMs from the start of the agent; -1 before the first score
 * @param tags the player's part, tag by tag
 */
record Books(
    long emitted,
    long lost,
    long uncovered,
    long tasks,
    long firstScoreMs,
    List<DemoResult.TagBooks> tags) {

  static Books of(JsonObject status, Iterable<JsonElement> tags) {
    List<DemoResult.TagBooks> books = new ArrayList<>();
    for (JsonElement tag : tags) {
      books.add(tagBooks(tag.getAsJsonObject()));
    }
    return new Books(
        counter(status, "emitted"),
        counter(status, "lost"),
        counter(status, "uncovered"),
        counter(status, "tasks"),
        status.get("firstScoreMs").getAsLong(),
        books);
  }

  private static DemoResult.TagBooks tagBooks(JsonObject tag) {
    JsonObject accounting = tag.getAsJsonObject("accounting");
    long unknown = 0;
    for (Map.Entry<String, JsonElement> reason : accounting.getAsJsonObject("unknown").entrySet()) {
      unknown += reason.getValue().getAsLong();
    }
    return new DemoResult.TagBooks(
        tag.get("tag").getAsInt(),
        accounting.get("delivered").getAsLong(),
        accounting.get("scored").getAsLong(),
        unknown,
        accounting.get("waiting").getAsLong());
  }

  /** Sum over all sources; counters that a source does not have are 0. */
  private static long counter(JsonObject status, String name) {
    long sum = 0;
    for (Map.Entry<String, JsonElement> source : status.getAsJsonObject("sources").entrySet()) {
      for (Map.Entry<String, JsonElement> counter :
          source.getValue().getAsJsonObject().entrySet()) {
        if (counter.getKey().toLowerCase(Locale.ROOT).equals(name)) {
          sum += counter.getValue().getAsLong();
        }
      }
    }
    return sum;
  }

  /** The sum of two agents' books; the first score is the first one's. */
  Books plus(Books other) {
    List<DemoResult.TagBooks> sums = new ArrayList<>(tags);
    for (DemoResult.TagBooks more : other.tags) {
      int at = sums.stream().map(DemoResult.TagBooks::tag).toList().indexOf(more.tag());
      if (at < 0) {
        sums.add(more);
      } else {
        sums.set(at, sum(sums.get(at), more));
      }
    }
    return new Books(
        emitted + other.emitted,
        lost + other.lost,
        uncovered + other.uncovered,
        tasks + other.tasks,
        firstScoreMs,
        sums);
  }

  private static DemoResult.TagBooks sum(DemoResult.TagBooks a, DemoResult.TagBooks b) {
    return new DemoResult.TagBooks(
        a.tag(),
        a.delivered() + b.delivered(),
        a.scored() + b.scored(),
        a.unknown() + b.unknown(),
        a.waiting() + b.waiting());
  }

  long delivered() {
    return tags.stream().mapToLong(DemoResult.TagBooks::delivered).sum();
  }

  long scored() {
    return tags.stream().mapToLong(DemoResult.TagBooks::scored).sum();
  }

  long unknown() {
    return tags.stream().mapToLong(DemoResult.TagBooks::unknown).sum();
  }

  long waiting() {
    return tags.stream().mapToLong(DemoResult.TagBooks::waiting).sum();
  }

  DemoResult.Identities identities() {
    return new DemoResult.Identities(
        emitted == delivered() + lost + uncovered,
        tags.stream()
            .allMatch(tag -> tag.delivered() == tag.scored() + tag.unknown() + tag.waiting()));
  }

  /** Whether nothing is on its way. */
  boolean settled() {
    return waiting() == 0 && identities().transport() && identities().player();
  }
}
