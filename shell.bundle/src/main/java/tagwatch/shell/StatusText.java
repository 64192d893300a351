// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tagwatch.player.Accounting;
import tagwatch.player.OutageStatus;
import tagwatch.player.PlayerStatus;
import tagwatch.player.SwapStatus;
import tagwatch.player.TagStatus;
import tagwatch.transport.TransportCounter;

/** Status for people. */
final class StatusText {
  private StatusText() {}

  static String status(StatusCommands.Overview overview) {
    PlayerStatus status = overview.player();
    StringBuilder text = new StringBuilder("up ").append(duration(status.upMs()));
    if (status.firstScoreMs() >= 0) {
      text.append(
          String.format(
              Locale.ROOT, ", first score %.2f s after the start", status.firstScoreMs() / 1e3));
    } else {
      text.append(", nothing scored yet");
    }
    text.append('\n');
    if (status.outages().count() > 0) {
      text.append(outages(status.outages()));
    }
    new TreeMap<>(status.sources())
        .forEach((source, counters) -> text.append(source(source, counters)));
    text.append(tags(overview.tags()));
    status.problems().forEach(problem -> text.append(problem).append('\n'));
    return text.toString();
  }

  private static String outages(OutageStatus outages) {
    return String.format(
        Locale.ROOT,
        "%d outages, %.1f s without an agent; the last one: %s%n",
        outages.count(),
        outages.seconds(),
        outages.last());
  }

  private static String swap(SwapStatus swap) {
    return String.format(
        Locale.ROOT,
        "last swap (%s): %s -> %s, pause %,d µs",
        swap.kind(),
        swap.from().isEmpty() ? "none" : swap.from(),
        swap.to().isEmpty() ? "none" : swap.to(),
        swap.pauseUs());
  }

  static String tags(List<TagStatus> tags) {
    Table table =
        new Table(
            "TAG",
            "TRANSPORT",
            "MODE",
            "GATE",
            "POLICY",
            "MODEL",
            "THRESHOLD",
            "PROCS",
            "TASKS",
            "DELIVERED",
            "SCORED",
            "UNKNOWN",
            "WAITING",
            "ALERTS");
    StringBuilder notes = new StringBuilder();
    for (TagStatus tag : tags) {
      Accounting events = tag.accounting();
      table.row(
          tag.tag(),
          tag.transport(),
          tag.mode(),
          tag.gate(),
          tag.policy(),
          tag.model(),
          tag.threshold(),
          tag.processes(),
          tag.tasks(),
          events.delivered(),
          events.scored(),
          events.unknownTotal(),
          events.waiting(),
          tag.alerts());
      if (!tag.recording().isEmpty()) {
        notes.append(tag.tag()).append(": is recorded to ").append(tag.recording()).append('\n');
      }
      if (!tag.shadow().isEmpty()) {
        notes.append(tag.tag()).append(": in shadow: ").append(tag.shadow()).append('\n');
      }
      tag.lastSwap()
          .ifPresent(it -> notes.append(tag.tag()).append(": ").append(swap(it)).append('\n'));
      tag.problems().forEach(p -> notes.append(tag.tag()).append(": ").append(p).append('\n'));
    }
    return table.orElse("no tag is configured") + notes;
  }

  static String counters(StatusCommands.Counters counters) {
    Table table = new Table("WHERE", "COUNTER", "VALUE", "MEANING");
    new TreeMap<>(counters.sources())
        .forEach(
            (source, values) ->
                new TreeMap<>(values)
                    .forEach((c, value) -> table.row(source, c.label(), value, c.meaning())));
    counters.tags().forEach((tag, events) -> account(table, "tag " + tag, events));
    return table.orElse("nothing is watched");
  }

  private static void account(Table table, String where, Accounting events) {
    String identity =
        events.balanced()
            ? "delivered = scored + unknown + waiting"
            : "in motion: delivered - scored - unknown - waiting is not 0 yet";
    table.row(where, "delivered", events.delivered(), identity);
    table.row(where, "scored", events.scored(), "events with a surprise");
    new TreeMap<>(events.unknown())
        .forEach(
            (reason, count) ->
                table.row(where, "unknown " + reason.label(), count, "never to be scored"));
    table.row(where, "waiting", events.waiting(), "to be scored");
    table.row(where, "rescored", events.rescored(), "scored again after a swap");
    table.row(where, "recovered", events.recovered(), "brought by an image after a loss");
    table.row(where, "refused", events.refused(), "no room; rising: scoring is too slow");
    table.row(where, "gaps", events.gaps(), "lost for good between two others");
  }

  private static String source(String name, Map<TransportCounter, Long> counters) {
    StringBuilder line = new StringBuilder(name).append(':');
    new TreeMap<>(counters)
        .forEach(
            (counter, value) -> {
              if (counter == TransportCounter.EMITTED
                  || counter == TransportCounter.LOST
                  || value != 0) {
                line.append("  ").append(counter.label()).append(' ').append(Table.cell(value));
              }
            });
    return line.append('\n').toString();
  }

  private static String duration(long ms) {
    Duration time = Duration.ofMillis(ms);
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : String.format(Locale.ROOT, "%.1f s", ms / 1e3);
  }
}
