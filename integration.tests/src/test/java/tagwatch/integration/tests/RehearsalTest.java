// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Accounting;
import tagwatch.player.LearnReport;

/** What learning, a replay and a rehearsal say about the same model and recording is the same. */
class RehearsalTest {
  private static final int TAG = 371;

  private Agent agent;
  private Written training;
  private Written attack;
  private LearnReport learned;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("rehearsal");
    training = new ServerWorkload(2).server(TAG, 200).write(agent.work("training.rec"));
    attack = new ServerWorkload(1).server(TAG, 200, 100).write(agent.work("attack.rec"));
    learned = Agent.install(TAG, training.file(), "5");
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  private JsonObject rehearse() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommandSession session =
        Agent.service(CommandProcessor.class)
            .createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
      Object answer =
          session.execute(
              "tagwatch:rehearse --json "
                  + learned.folder()
                  + " "
                  + training.file()
                  + " "
                  + attack.file());
      return JsonParser.parseString(answer.toString()).getAsJsonObject();
    }
  }

  @Test
  void shouldSayOfTheTrainingWhatLearningSaid() throws Exception {
    JsonObject answer = rehearse();

    assertThat(answer.getAsJsonObject("model").get("threshold").getAsFloat())
        .isEqualTo(learned.threshold());
    JsonObject scored = answer.getAsJsonArray("recordings").get(0).getAsJsonObject();
    assertThat(scored.get("events").getAsLong()).isEqualTo(learned.events());
    assertThat(scored.get("processes").getAsInt()).isEqualTo(learned.processes());
    JsonObject loudest = scored.getAsJsonArray("loudest").get(0).getAsJsonObject();
    assertThat(loudest.get("score").getAsFloat()).isEqualTo(learned.highest());
    assertThat(scored.getAsJsonArray("novelty").asList().stream().map(JsonElement::getAsDouble))
        .containsExactlyElementsOf(learned.novelty());
  }

  @Test
  void shouldRaiseTheAlarmsOfAReplay() throws Exception {
    JsonObject scored = rehearse().getAsJsonArray("recordings").get(1).getAsJsonObject();

    agent.watch(TAG, "gate", "monitor", "policy", "alert", "retained", 4096);
    agent.replay(attack.file(), 40_000, 1);
    Agent.settled(attack);

    Map<Integer, Float> replayed = new HashMap<>();
    Agent.alerts(TAG)
        .forEach(
            alert ->
                replayed.putIfAbsent(
                    alert.detection().process().threadId(), alert.detection().score()));
    assertThat(replayed).isNotEmpty();
    assertThat(scored.get("alarms").getAsLong()).isEqualTo(Agent.alerts(TAG).size());
    assertThat(scored.get("processesAbove").getAsInt()).isEqualTo(replayed.size());
    JsonObject first = scored.getAsJsonObject("firstAbove");
    assertThat(replayed).containsKey(first.get("processId").getAsInt());
    assertThat(Agent.alerts(TAG).get(0).sequence()).isEqualTo(first.get("aboveEvent").getAsLong());
    Accounting accounting = Agent.tag(TAG).accounting();
    assertThat(accounting.scored()).isEqualTo(scored.get("scored").getAsLong());
    assertThat(accounting.unknownTotal())
        .isEqualTo(
            scored.getAsJsonObject("unknown").asMap().values().stream()
                .mapToLong(JsonElement::getAsLong)
                .sum());
  }
}
