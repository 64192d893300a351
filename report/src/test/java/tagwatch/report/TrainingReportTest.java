// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingReportTest {
  private static JsonObject json(Reports reports) {
    return JsonParser.parseString(reports.report().json()).getAsJsonObject();
  }

  @Test
  void shouldKeepTheNamesOfItsJson() {
    JsonObject json = json(Reports.ready().compared());

    assertThat(json.keySet())
        .containsExactly(
            "tagwatchReport",
            "generatedAt",
            "judgement",
            "model",
            "loss",
            "saturation",
            "subjects",
            "other");
    assertThat(json.get("tagwatchReport").getAsInt()).isEqualTo(1);
    assertThat(json.get("generatedAt").getAsString()).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(json.getAsJsonObject("judgement").keySet())
        .containsExactly("readiness", "headline", "summary", "checks", "missing");
    assertThat(json.getAsJsonObject("judgement").get("readiness").getAsString()).isEqualTo("READY");
    JsonObject subject = json.getAsJsonArray("subjects").get(0).getAsJsonObject();
    assertThat(subject.keySet()).containsExactly("role", "recording");
    assertThat(subject.getAsJsonObject("recording").keySet())
        .contains(
            "file",
            "events",
            "processes",
            "alarms",
            "processesAbove",
            "scores",
            "peaks",
            "timeline",
            "firstAbove",
            "loudest",
            "surprising",
            "coverage",
            "novelty");
    assertThat(json.getAsJsonObject("other").keySet()).containsExactly("model", "loss", "subjects");
    assertThat(json(Reports.ready()).get("other").isJsonNull()).isTrue();
  }

  @Test
  void shouldRefuseAnAnswerThatIsNone() {
    assertThatThrownBy(() -> Rehearsed.parse("[]")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rehearsed.parse("{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no model");
    Rehearsed none = new Rehearsed(Reports.ready().report().model(), List.of());
    assertThatThrownBy(() -> TrainingReport.of(List.of(Role.NORMAL), none, null, Reports.NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 roles for 0 recordings");
  }

  @Test
  void shouldCallATrainingSaturatedByItsLastTwoTenths() {
    assertThat(Reports.ready().telling("novelty", "9,2,2").report().saturation().saturated())
        .isTrue();
    assertThat(Reports.ready().telling("novelty", "9,2.1,2").report().saturation().saturated())
        .isFalse();
    assertThat(Reports.ready().telling("novelty", "").report().saturation().known()).isFalse();
  }
}
