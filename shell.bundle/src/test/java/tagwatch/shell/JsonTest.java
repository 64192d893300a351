// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import tagwatch.event.TaskKey;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.UnknownReason;
import tagwatch.transport.TransportCounter;

class JsonTest {
  private final FixturePlayer player = new FixturePlayer();

  record Sample(String name, OptionalLong at, Optional<Gate> gate, float score, Path path) {}

  @Test
  void shouldWriteRecordsByComponentInOrder() {
    assertThat(
            Json.text(
                new Sample(
                    "a\"é", OptionalLong.of(7), Optional.of(Gate.ENFORCE), 1.5f, Path.of("/m"))))
        .isEqualTo(
            "{\"name\":\"a\\\"é\",\"at\":7,\"gate\":\"enforce\",\"score\":1.5,\"path\":\"/m\"}");
    assertThat(Json.text(new TaskKey(4711, 1_792_000_000_123_456_789L)))
        .isEqualTo("{\"threadId\":4711,\"startTimeNs\":1792000000123456789}");
  }

  @Test
  void shouldWriteNullForWhatIsNotThere() {
    assertThat(
            Json.text(
                new Sample(null, OptionalLong.empty(), Optional.empty(), Float.NaN, Path.of("m"))))
        .isEqualTo("{\"name\":null,\"at\":null,\"gate\":null,\"score\":null,\"path\":\"m\"}");
    assertThat(Json.text(Arrays.asList(Float.POSITIVE_INFINITY, Double.NaN, 0.1f)))
        .isEqualTo("[null,null,0.1]");
  }

  @Test
  void shouldOrderMapsAndLabelTheirKeys() {
    assertThat(Json.text(Map.of(10, "b", 9, "a"))).isEqualTo("{\"9\":\"a\",\"10\":\"b\"}");
    assertThat(Json.text(Map.of(UnknownReason.WARM_UP, 1L, UnknownReason.NO_SCORER, 2L)))
        .isEqualTo("{\"no-scorer\":2,\"warm-up\":1}");
    assertThat(Json.text(Map.of(TransportCounter.OUTAGE_LOST, 1L)))
        .isEqualTo("{\"outage_lost\":1}");
  }

  @Test
  void shouldWriteAllOfAnAlert() {
    assertThat(Json.text(player.alerts()))
        .isEqualTo(
            "[{\"id\":1,\"wallClockMs\":1792000000123,\"detection\":{\"cause\":\"anomaly\","
                + "\"task\":{\"threadId\":4711,\"startTimeNs\":2000},"
                + "\"process\":{\"threadId\":4711,\"startTimeNs\":2000},\"tag\":13107,"
                + "\"executable\":{\"path\":\"/srv/busybox\",\"buildId\":\"ab12\"},"
                + "\"root\":false,\"score\":4.25,\"threshold\":3.25,"
                + "\"window\":[{\"sequence\":40,\"hook\":\"x86_64/read\",\"surprise\":0.5},"
                + "{\"sequence\":41,\"hook\":\"x86_64/openat path=credentials\",\"surprise\":8.0},"
                + "{\"sequence\":42,\"hook\":\"x86_64/execve\",\"surprise\":null}],"
                + "\"mostSurprising\":[{\"sequence\":41,"
                + "\"hook\":\"x86_64/openat path=credentials\",\"surprise\":8.0}],"
                + "\"modelVersion\":\"markov-1c9a\",\"timestampNs\":5000000000},"
                + "\"sequence\":42,\"gate\":\"enforce\",\"culprit\":\"\",\"remark\":\"\","
                + "\"verdict\":{\"kind\":\"kill\",\"scope\":\"subtree\"},"
                + "\"enforcement\":{\"outcome\":\"done\",\"detail\":\"killed in the kernel\"},"
                + "\"decidedNs\":5000084000,\"scores\":[0.5,null,1.0,4.25],"
                + "\"exitedNs\":5000120000,\"callsAfter\":0,\"blocked\":true}]");
  }

  @Test
  void shouldNameEveryComponentOfAnAlert() {
    JsonObject json = JsonParser.parseString(Json.text(player.alerts().get(0))).getAsJsonObject();
    assertThat(json.keySet())
        .containsAll(
            Arrays.stream(Alert.class.getRecordComponents()).map(c -> c.getName()).toList());
  }

  @Test
  void shouldWriteTagsWithTheirAccounting() {
    assertThat(Json.text(player.tags()))
        .contains(
            "\"gate\":\"monitor\"",
            "\"accounting\":{\"delivered\":1000,\"scored\":980,\"unknown\":{\"gap\":0,",
            "\"problems\":[\"model is stale: another build-id\"]");
    assertThat(Json.text(List.of())).isEqualTo("[]");
  }
}
