// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;
import tagwatch.player.LearnRequest;
import tagwatch.player.PlayerException;
import tagwatch.player.TagStatus;

/** Record, learn, run, and all of it again after a restart. */
class LearningTest {
  private static final int TAG = 351;

  /** A player remembers what ran for a tag, so each test that runs one has its own. */
  private static final int CHOSEN = 352;

  private static final int RATE = 40_000;
  private static final int REQUESTS = 400;

  private Agent agent;
  private Written live;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("learning");
    live =
        new ServerWorkload(3)
            .server(TAG, REQUESTS)
            .server(CHOSEN, REQUESTS)
            .write(agent.work("live.rec"));
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  @Test
  void shouldRecordLearnAndRunOnTheDeviceAndFindItAllAfterARestart() throws Exception {
    Path recorded = agent.work("recorded.rec");
    agent.watch(TAG, "gate", "learn");
    agent.replay(live.file(), RATE, 0);
    Await.until("delivered", () -> Agent.tag(TAG).accounting().delivered() > 0);
    Agent.player().record(TAG, recorded);
    assertThat(Agent.tag(TAG).recording()).isEqualTo(recorded.toString());
    long begin = Agent.tag(TAG).accounting().delivered();
    Await.until(
        "enough recorded",
        () -> Agent.tag(TAG).accounting().delivered() > begin + 2 * live.events(TAG));
    long events = Agent.player().stopRecording(TAG);

    List<String> steps = new ArrayList<>();
    LearnReport report =
        Agent.player()
            .learn(
                new LearnRequest(
                    TAG,
                    List.of(recorded),
                    Agent.models(),
                    "markov",
                    Map.of(),
                    List.of(),
                    20,
                    "max:2"),
                (step, done) -> steps.add(step));

    assertThat(report.events()).isEqualTo(events).isGreaterThan(2 * live.events(TAG));
    assertThat(steps).isNotEmpty();
    assertThat(report.threshold()).isEqualTo(2 * report.highest());
    Await.until("running", () -> Agent.tag(TAG).model().equals(report.version()));
    assertThat(Agent.tag(TAG).gate()).isEqualTo(Gate.MONITOR);
    Agent.player().gate(TAG, Gate.ENFORCE);
    TagStatus before = Agent.tag(TAG);

    restartPlayer(TAG);

    TagStatus after =
        Await.until(
            "back and well",
            () -> Agent.tag(TAG),
            it -> it.accounting().scored() > 0 && it.problems().isEmpty());
    assertThat(after.model()).isEqualTo(before.model());
    assertThat(after.gate()).isEqualTo(Gate.ENFORCE);
    assertThat(after.threshold()).isEqualTo(before.threshold());
  }

  /**
   * File Install with it: it shows a file once to whom it finds, and again only after its start.
   */
  private static void restartPlayer(int tag) throws Exception {
    Agent.without("org.apache.felix.fileinstall", () -> Agent.without("player.bundle", () -> {}));
    Await.until(
        "watched again",
        () -> Agent.player().tags().stream().anyMatch(status -> status.tag() == tag));
  }

  @Test
  void shouldPreferTheModelThatRanBeforeToOneThatIsFoundFirst() throws Exception {
    LearnReport first = Agent.install(CHOSEN, live.file(), "3");
    LearnReport second = Agent.install(CHOSEN, live.file(), "4");
    agent.watch(CHOSEN, "gate", "monitor");
    agent.replay(live.file(), RATE, 0);
    for (LearnReport chosen : List.of(first, second)) {
      Await.until("playable", () -> !Agent.tag(CHOSEN).transport().contains("waiting"));
      Agent.player().use(CHOSEN, chosen.version());

      restartPlayer(CHOSEN);

      Await.until("running again", () -> Agent.tag(CHOSEN).model().equals(chosen.version()));
    }
  }

  @Test
  void shouldRefuseToLearnFromADamagedRecordingByName() throws Exception {
    byte[] bytes = Files.readAllBytes(live.file());
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(agent.work("damaged.rec"), bytes);

    assertThatThrownBy(() -> Agent.learn(TAG, damaged, agent.work("models"), "5"))
        .isInstanceOf(PlayerException.class)
        .hasMessageContaining(damaged.toString());
    assertThat(agent.work("models")).doesNotExist();
  }

  @Test
  void shouldGiveTheSameModelForTheSameRecording() throws Exception {
    LearnReport one = Agent.learn(TAG, live.file(), agent.work("one"), "5");
    LearnReport other = Agent.learn(TAG, live.file(), agent.work("other"), "5");

    assertThat(other.sha256()).isEqualTo(one.sha256());
    assertThat(other.version()).isEqualTo(one.version());
  }
}
