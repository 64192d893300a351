// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.Locale;

/** The end of the demo, for a person. */
final class Summary {
  private Summary() {}

  static void tell(Narrator narrator, DemoResult result) {
    DemoResult.Attack attack = result.attack();
    narrator.chapter("Summary");
    narrator.say(
        "Learned from %d requests (%d events of %d processes); threshold %.3f nats.",
        result.training().requests(),
        result.training().events(),
        result.training().processes(),
        result.threshold());
    narrator.say(
        "%d other benign requests (%d processes): %d false alarms; beside, %d requests: %d.",
        result.benign().requests(),
        result.benign().processes(),
        result.benign().falseAlarms(),
        result.other().benign().requests(),
        result.other().benign().falseAlarms());
    narrator.say(
        "%d attacks: %d detected, %d blocked; of %d commands each, the attacker completed %s (%d with"
            + " nobody on watch).",
        attack.runs(),
        attack.detected(),
        attack.blocked(),
        Loot.COMMANDS,
        attack.commandsCompleted(),
        result.control().commandsCompleted());
    narrator.say(
        "The attacking process was recognized at its event %s; from there to its end %s µs (median;"
            + " p99 %s), in which it made %s more calls (p99 %s).",
        number(attack.eventsToBlock()),
        number(attack.eventToKillUs().p50()),
        number(attack.eventToKillUs().p99()),
        number(attack.callsAfter().p50()),
        number(attack.callsAfter().p99()));
    narrator.say(
        "Events: %d emitted = %d delivered + %d lost; %d scored, %d unknown, %d waiting; the books"
            + " %s.",
        result.emitted(),
        result.delivered(),
        result.lost(),
        result.scored(),
        result.unknown(),
        result.waiting(),
        result.identities().transport() && result.identities().player()
            ? "balance"
            : "DO NOT ADD UP");
    narrator.say(
        "Agent: first score after %d ms, %d MB resident. A program that training never ran raised an"
            + " alarm in %d of %d requests: record everything that a server does before you enforce.",
        result.startToFirstScoreMs(),
        result.rssKb() / 1024,
        result.untrained().alarms(),
        result.untrained().requests());
  }

  private static String number(Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, "%.0f", value);
  }
}
