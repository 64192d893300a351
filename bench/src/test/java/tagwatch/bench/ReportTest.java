// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Report report = new Report(machine());

  private static JsonObject machine() {
    JsonObject machine = new JsonObject();
    machine.addProperty("kernel", "6.1");
    return machine;
  }

  @Test
  void shouldShowFiguresGoalsAndWhetherTheyAreMet() {
    report.add(Row.median("http", "slower", Sample.of(1.5, 3.25, 9), "%").atMost(2));
    report.add(Row.single("flood", "rate", 2, "M/s"));

    assertThat(report.text())
        .startsWith("kernel: 6.1\n")
        .contains("| http  | slower | 3.25 %   | 1.50 to 9 (3) | at most 2 | no  |")
        .contains("| flood | rate   | 2 M/s    | (1)           | -         | -   |");
    assertThat(report.complete()).isTrue();
  }

  @Test
  void shouldWriteWhatCouldNotBeMeasured() {
    report.failed("http", "busybox is not on the PATH");

    JsonObject json = JsonParser.parseString(report.json()).getAsJsonObject();

    assertThat(report.complete()).isFalse();
    assertThat(report.text()).contains("NOT MEASURED: http: busybox is not on the PATH");
    assertThat(json.getAsJsonObject("failures").get("http").getAsString())
        .isEqualTo("busybox is not on the PATH");
  }

  @Test
  void shouldWriteDetailsAsJson() {
    report.add(Row.single("flood", "lost", 0.5, "%").atMost(0.1).with("emitted", 100));

    JsonObject row =
        JsonParser.parseString(report.json())
            .getAsJsonObject()
            .getAsJsonArray("rows")
            .get(0)
            .getAsJsonObject();

    assertThat(row.get("met").getAsBoolean()).isFalse();
    assertThat(row.get("goal").getAsDouble()).isEqualTo(0.1);
    assertThat(row.getAsJsonObject("details").get("emitted").getAsInt()).isEqualTo(100);
  }
}
