// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoResultTest {
  private static final DemoResult GOOD =
      Samples.result(List.of(Samples.run(Samples.sighting(1, true, 20, 50_000))), 0);

  @Test
  void shouldPrintOneObjectWithTheKeysThatArePromised() {
    assertThat(GOOD.toJson()).doesNotContain("\n");
    JsonObject json = JsonParser.parseString(GOOD.toJson()).getAsJsonObject();
    assertThat(json.keySet())
        .contains("backend", "tag", "model_hash", "training", "threshold", "benign", "attack")
        .contains("server_alive_after", "emitted", "delivered", "scored", "lost", "unknown")
        .contains("waiting", "start_to_first_score_ms", "rss_kb");
    assertThat(json.getAsJsonObject("training").keySet())
        .contains("events", "processes", "requests");
    assertThat(json.getAsJsonObject("benign").keySet())
        .contains("requests", "processes", "false_alarms");
    JsonObject attack = json.getAsJsonObject("attack");
    assertThat(attack.keySet()).contains("runs", "detected", "blocked", "events_to_block");
    assertThat(attack.getAsJsonArray("commands_completed")).hasSize(1);
    assertThat(attack.getAsJsonObject("event_to_kill_us").keySet()).containsExactly("p50", "p99");
    assertThat(attack.getAsJsonObject("calls_after").keySet()).containsExactly("p50", "p99");
  }

  @Test
  void shouldSurviveTheRoundTrip() {
    assertThat(DemoResult.fromJson(GOOD.toJson())).isEqualTo(GOOD);
  }

  @Test
  void shouldKeepKeysWithoutAMeasurement() {
    JsonObject json =
        JsonParser.parseString(Samples.result(List.of(Samples.run()), 0).toJson())
            .getAsJsonObject();
    assertThat(json.getAsJsonObject("attack").get("events_to_block").isJsonNull()).isTrue();
  }

  @Test
  void shouldFailWhenAnAttackWasNotBlockedOrAFalseAlarmWasRaised() {
    assertThat(GOOD.exitCode()).isZero();
    assertThat(Samples.result(List.of(Samples.run()), 0).exitCode()).isEqualTo(1);
    assertThat(
            Samples.result(List.of(Samples.run(Samples.sighting(1, true, 20, 50_000))), 1)
                .exitCode())
        .isEqualTo(1);
  }
}
