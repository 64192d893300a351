// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;
import tagwatch.player.LearnReport;
import tagwatch.player.TagStatus;
import tagwatch.player.UnknownReason;
import tagwatch.transport.TransportCounter;

/** Several tags at once, each with its own model, engine, threshold rule and gate. */
class SeveralTagsTest {
  private static final int DEEP = 311;
  private static final int SHALLOW = 312;
  private static final int PAIRS = 313;
  private static final int RECORDED = 314;
  private static final int RATE = 40_000;
  private static final int REQUESTS = 600;

  private Agent agent;
  private Bundle second;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("several");
    second = SecondScorer.install(SecondScorer.FIRST);
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
    second.uninstall();
  }

  @Test
  void shouldScoreEachTagWithItsOwnModelAndEngine() throws Exception {
    Written training =
        new ServerWorkload(1)
            .server(DEEP, REQUESTS)
            .server(SHALLOW, REQUESTS)
            .server(PAIRS, REQUESTS)
            .write(agent.work("training.rec"));
    LearnReport deep = Agent.install(DEEP, training.file(), "5");
    LearnReport shallow =
        Agent.learn(
            SHALLOW,
            training.file(),
            Agent.models(),
            "markov",
            Map.of("order", "2", "smoothing", "kneser-ney"),
            "quantile:0.99");
    second.start();
    LearnReport pairs =
        Agent.learn(
            PAIRS, training.file(), Agent.models(), "lookahead", Map.of("window", "4"), "max:2");
    for (LearnReport report : new LearnReport[] {deep, shallow, pairs}) {
      Agent.known(report.version());
    }
    Written live =
        new ServerWorkload(2)
            .server(DEEP, REQUESTS)
            .server(SHALLOW, REQUESTS)
            .server(PAIRS, REQUESTS, REQUESTS / 2)
            .server(RECORDED, REQUESTS)
            .write(agent.work("live.rec"));
    agent.watch(DEEP, "gate", "monitor");
    agent.watch(SHALLOW, "gate", "monitor");
    agent.watch(PAIRS, "gate", "monitor");
    agent.watch(RECORDED, "gate", "learn");
    agent.replay(live.file(), RATE, 1);
    Agent.settled(live);

    assertTag(live, DEEP, deep, "markov (second.scorer");
    assertTag(live, SHALLOW, shallow, "markov (second.scorer");
    assertTag(live, PAIRS, pairs, "lookahead (second.scorer");
    assertThat(deep.window()).isEqualTo(5);
    assertThat(shallow.window()).isEqualTo(2);
    TagStatus recorded = Agent.tag(RECORDED);
    assertThat(recorded.gate()).isEqualTo(Gate.LEARN);
    assertThat(recorded.accounting().unknown().get(UnknownReason.NO_SCORER))
        .isEqualTo(live.events(RECORDED));
    assertThat(Agent.counter(TransportCounter.LOST)).isZero();
    assertThat(Agent.alerts(PAIRS))
        .isNotEmpty()
        .extracting(alert -> alert.detection().process().threadId())
        .isSubsetOf(live.attackers());

    second.stop();
    Await.until(
        "scored by the stock engine", () -> Agent.tag(DEEP).engine().contains("scorer.markov"));
    TagStatus orphan =
        Await.until("without engine", () -> Agent.tag(PAIRS), it -> it.engine().isEmpty());
    assertThat(orphan.problems()).anySatisfy(it -> assertThat(it).contains("lookahead"));
    assertThat(orphan.model()).isEqualTo(pairs.version());
  }

  private static void assertTag(Written live, int tag, LearnReport model, String engine)
      throws Exception {
    TagStatus status = Agent.tag(tag);
    assertThat(status.model()).isEqualTo(model.version());
    assertThat(status.engine()).startsWith(engine);
    assertThat(status.threshold()).isEqualTo(model.threshold());
    assertThat(status.accounting().delivered()).isEqualTo(live.events(tag));
    assertThat(status.accounting())
        .as("%s", status)
        .returns(live.events(tag) - model.window(), Accounting::scored);
    assertThat(status.accounting().balanced()).isTrue();
    assertThat(status.problems()).isEmpty();
  }

  @Test
  void shouldGoOnWithTheOtherTagsWhenOneIsNoLongerWatched() throws Exception {
    Written live =
        new ServerWorkload(2)
            .server(DEEP, REQUESTS)
            .server(SHALLOW, REQUESTS)
            .write(agent.work("live.rec"));
    agent.watch(DEEP, "gate", "learn");
    agent.watch(SHALLOW, "gate", "learn");
    agent.replay(live.file(), RATE, 1);
    Await.until("running", () -> Agent.tag(DEEP).accounting().delivered() > 0);

    agent.ignore(SHALLOW);

    assertThat(Agent.player().tags()).extracting(TagStatus::tag).containsExactly(DEEP);
    // the replay begins again for the tag that is left
    Await.until(
        "delivered once more", () -> Agent.counter(TransportCounter.EMITTED) == live.events(DEEP));
    Await.until("all counted", () -> Agent.tag(DEEP).accounting().waiting() == 0);
    assertThat(Agent.tag(DEEP).accounting().balanced()).isTrue();
  }
}
