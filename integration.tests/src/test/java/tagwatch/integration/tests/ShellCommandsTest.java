// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;

/** The commands of the scope {@code tagwatch}, in the framework and over the agent's socket. */
class ShellCommandsTest {
  private static final int TAG = 361;

  private Agent agent;
  private Written live;
  private LearnReport model;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("shell");
    live = new ServerWorkload(1).server(TAG, 200, 100).write(agent.work("live.rec"));
    Written training = new ServerWorkload(2).server(TAG, 200).write(agent.work("training.rec"));
    model = Agent.install(TAG, training.file(), "5");
    agent.watch(TAG, "gate", "monitor");
    agent.replay(live.file(), 40_000, 1);
    Agent.settled(live);
    // a model keeps the gate that it had in a test before
    Agent.player().gate(TAG, Gate.MONITOR);
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  private static String execute(String command) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommandSession session =
        Agent.service(CommandProcessor.class)
            .createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
      Object answer = session.execute(command);
      return answer == null ? out.toString(StandardCharsets.UTF_8) : answer.toString();
    }
  }

  private static JsonElement json(String command) throws Exception {
    return JsonParser.parseString(execute(command + " --json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "tags",
        "ps",
        "models",
        "scorers",
        "policies",
        "transports",
        "alerts",
        "verdicts",
        "counters"
      })
  void shouldAnswerInWordsAndInJson(String command) throws Exception {
    assertThat(execute("tagwatch:" + command)).isNotBlank();
    JsonElement answer = json("tagwatch:" + command);
    assertThat(answer.isJsonObject() || answer.isJsonArray()).as("%s", answer).isTrue();
  }

  @Test
  void shouldTellWhatIsWatchedWithTheNamesOfThePlayersRecords() throws Exception {
    JsonArray tags = json("tagwatch:tags").getAsJsonArray();

    assertThat(tags).hasSize(1);
    JsonObject tag = tags.get(0).getAsJsonObject();
    assertThat(tag.get("tag").getAsInt()).isEqualTo(TAG);
    assertThat(tag.get("gate").getAsString()).isEqualTo("monitor");
    assertThat(tag.get("model").getAsString()).isEqualTo(model.version());
    assertThat(tag.getAsJsonObject("accounting").get("delivered").getAsLong())
        .isEqualTo(live.total());
  }

  @Test
  void shouldSetTheGate() throws Exception {
    execute("tagwatch:gate " + TAG + " enforce");

    assertThat(Agent.tag(TAG).gate()).isEqualTo(Gate.ENFORCE);
    assertThat(execute("tagwatch:gate " + TAG)).contains("enforce");
  }

  @Test
  void shouldExplainAnAlert() throws Exception {
    long id = Agent.alerts(TAG).get(0).id();

    JsonObject why = json("tagwatch:why " + id).getAsJsonObject();

    assertThat(why.get("id").getAsLong()).isEqualTo(id);
    assertThat(execute("tagwatch:why " + id)).contains("/srv/httpd-" + TAG);
  }

  @Test
  void shouldLearnFromARecording() throws Exception {
    JsonObject report =
        json("tagwatch:learn --tag %d --option order=3 --models %s %s"
                .formatted(TAG, agent.work("models"), live.file()))
            .getAsJsonObject();

    assertThat(report.get("events").getAsLong()).isEqualTo(live.total());
    assertThat(report.get("window").getAsInt()).isEqualTo(3);
  }

  @Test
  void shouldRefuseATagThatIsNotWatched() {
    assertThatThrownBy(() -> execute("tagwatch:gate 999 monitor")).hasMessageContaining("999");
  }

  @Test
  void shouldExecuteACommandThatComesOverTheSocket() throws Exception {
    List<JsonObject> lines = ask("{\"mode\":\"execute\",\"command\":\"tagwatch:tags --json\"}");

    JsonObject last = lines.get(lines.size() - 1);
    assertThat(last.get("exit").getAsInt()).isZero();
    StringBuilder out = new StringBuilder();
    lines.stream()
        .filter(it -> it.has("out"))
        .forEach(it -> out.append(it.get("out").getAsString()));
    assertThat(JsonParser.parseString(out.toString()).getAsJsonArray()).hasSize(1);
  }

  @Test
  void shouldTellOverTheSocketWhyACommandFailed() throws Exception {
    List<JsonObject> lines = ask("{\"mode\":\"execute\",\"command\":\"tagwatch:why 123456\"}");

    JsonObject last = lines.get(lines.size() - 1);
    assertThat(last.get("exit").getAsInt()).isEqualTo(1);
    assertThat(last.get("error").getAsString()).contains("123456");
  }

  private static List<JsonObject> ask(String request) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(Agent.HOME.resolve("run").resolve("agent.sock")));
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
      ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
      while (channel.read(buffer) >= 0) {
        answer.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    List<JsonObject> lines = new ArrayList<>();
    answer
        .toString(StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> lines.add(JsonParser.parseString(line).getAsJsonObject()));
    return lines;
  }
}
