// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EvaluationAnswerTest {
  private static final String QUALITY =
      """
      {"auc":0.8,"aucInterval":[0.7,0.9],"tprAtFpr":{"1":0.1,"5":0.2,"10":0.3,"15":0.4},
       "tprAtFprInterval":{},"fprAt90":0.5,"fprAt90Interval":[0.4,0.6],"threshold":7.5,
       "promisedFpr":0.05,"realisedFpr":0.06,"realisedFprInterval":[0.05,0.07],
       "realisedTpr":0.3,"realisedTprInterval":[0.2,0.4],"tprAtSameFpr":0.3}
      """;

  private static EvaluationAnswer answer(String comparison) {
    return new EvaluationAnswer(
        JsonParser.parseString(
                """
                {"method":"m","training":9,"promisedFpr":0.05,"blocks":10,"leftOutFpr":0.01,
                 "threshold":7.5,"onlineThreshold":2.5,"rolling":127,
                 "scores":[{"name":"a","score":8.25,"maxOnline":3.5,"alarm":true,
                            "alarmOnline":false}],
                 "comparison":%s}
                """
                    .formatted(comparison))
            .getAsJsonObject());
  }

  @Test
  void shouldWriteALineForEachTrace() {
    assertThat(answer("null").lines())
        .extracting(JsonObject::toString)
        .containsExactly(
            "{\"name\":\"a\",\"score\":8.25,\"max_online\":3.5,\"alarm\":true,"
                + "\"alarm_online\":false}");
  }

  @Test
  void shouldNameTheFiguresAsScriptsExpectThem() {
    List<JsonObject> lines =
        answer(
                """
                {"normal":3,"attack":2,"normalCopies":1,"attackCopies":0,
                 "methods":{"b":%1$s,"m":%1$s},"curve":[[0,0],[1,1]]}
                """
                    .formatted(QUALITY))
            .lines();

    JsonObject summary = lines.get(1);
    assertThat(summary.keySet())
        .contains(
            "auc",
            "auc_interval",
            "tpr_at_fpr",
            "fpr_at_90",
            "threshold",
            "promised_fpr",
            "realised_fpr",
            "realised_tpr",
            "realised_fpr_interval",
            "methods",
            "roc");
    assertThat(
            summary.getAsJsonArray("methods").get(0).getAsJsonObject().get("method").getAsString())
        .isEqualTo("m");
  }
}
