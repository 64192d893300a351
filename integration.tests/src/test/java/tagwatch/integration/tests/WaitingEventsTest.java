// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Accounting;
import tagwatch.player.UnknownReason;

/** No scorer at all: nothing is lost, it waits. */
class WaitingEventsTest {
  private static final int TAG = 302;
  private static final int WINDOW = 5;

  /** So few that the server itself keeps all of its events in its ring. */
  private static final int REQUESTS = 20;

  private Agent agent;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("waiting");
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  @Test
  void shouldKeepEventsWithoutAScorerAndCatchUpWhenOneArrives() throws Exception {
    Written training = new ServerWorkload(1).server(TAG, 400).write(agent.work("training.rec"));
    Written live = new ServerWorkload(2).server(TAG, REQUESTS).write(agent.work("live.rec"));
    Agent.install(TAG, training.file(), Integer.toString(WINDOW));
    Agent.without(
        "scorer.markov",
        () -> {
          agent.watch(TAG, "gate", "monitor");
          agent.replay(live.file(), 1_000_000, 1);

          Accounting waiting =
              Await.until(
                  "delivered",
                  () -> Agent.tag(TAG).accounting(),
                  it -> it.delivered() == live.total() && it.waiting() == live.total());
          assertThat(waiting.scored()).isZero();
          assertThat(Agent.tag(TAG).problems())
              .anySatisfy(problem -> assertThat(problem).contains("no engine for format 'markov'"));
          assertThat(Agent.tag(TAG).engine()).isEmpty();
        });

    Accounting caughtUp =
        Await.until("caught up", () -> Agent.tag(TAG).accounting(), it -> it.waiting() == 0);
    assertThat(caughtUp.scored()).isEqualTo(live.total() - WINDOW);
    assertThat(caughtUp.unknown().get(UnknownReason.WARM_UP)).isEqualTo(WINDOW);
    Await.until("without problems", () -> Agent.tag(TAG).problems().isEmpty());
  }

  @Test
  void shouldScoreAgainAfterTheOnlyScorerWasAway() throws Exception {
    Written training = new ServerWorkload(1).server(TAG, 400).write(agent.work("training.rec"));
    Written live = new ServerWorkload(2).server(TAG, REQUESTS).write(agent.work("live.rec"));
    Agent.install(TAG, training.file(), Integer.toString(WINDOW));
    agent.watch(TAG, "gate", "monitor");
    agent.replay(live.file(), 1_000, 1);
    Await.until("scoring", () -> Agent.tag(TAG).accounting().scored() > WINDOW);

    Agent.without(
        "scorer.markov",
        () -> {
          Await.until("waiting", () -> Agent.tag(TAG).accounting().waiting() > WINDOW);
          assertThat(Agent.tag(TAG).engine()).isEmpty();
        });

    Agent.settled(live);
    assertThat(Agent.tag(TAG).accounting().scored()).isEqualTo(live.total() - WINDOW);
  }
}
