// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Accounting;
import tagwatch.player.LearnReport;
import tagwatch.player.Provider;
import tagwatch.player.SessionStatus;
import tagwatch.player.UnknownReason;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.TransportCounter;

/** Scorers come, change and go while events stream. */
class ScorerSwapTest {
  private static final int TAG = 301;
  private static final int RATE = 40_000;
  private static final int REQUESTS = 16_000;
  private static final int FEWEST_SWAPS = 40;
  private static final int WINDOW = 5;
  private static final String MARKOV = "scorer.markov";

  private Agent agent;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("swap");
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  /** The engines that were seen in service, and how often they changed. */
  private static final class Changes {
    final TreeSet<String> engines = new TreeSet<>();
    int count;

    void to(String part) throws Exception {
      engines.add(
          Await.until("scored by " + part, () -> engine(), engine -> engine.contains(part)));
      count++;
    }
  }

  private static String engine() throws Exception {
    return Agent.tag(TAG).engine();
  }

  @Test
  void shouldScoreEveryEventOnceWhileScorersComeAndGo() throws Exception {
    Written training = new ServerWorkload(1).server(TAG, 400).write(agent.work("training.rec"));
    Written live = new ServerWorkload(2).server(TAG, REQUESTS).write(agent.work("live.rec"));
    Agent.install(TAG, training.file(), Integer.toString(WINDOW));
    agent.watch(TAG, "gate", "monitor");
    agent.replay(live.file(), RATE, 1);
    Changes changes = new Changes();
    changes.to(MARKOV);

    while (Agent.counter(TransportCounter.EMITTED) < live.total()) {
      swapAround(changes);
    }

    Agent.settled(live);
    Accounting accounting = Agent.tag(TAG).accounting();
    System.out.printf(
        "%d events at %d/s under %d swaps between %s: %s%n",
        live.total(), RATE, changes.count, changes.engines, accounting);
    assertThat(changes.count).isGreaterThan(FEWEST_SWAPS);
    assertThat(changes.engines).hasSize(3);
    assertThat(Agent.counter(TransportCounter.LOST)).isZero();
    assertThat(accounting.balanced()).isTrue();
    assertThat(accounting.refused()).isZero();
    assertThat(accounting.gaps()).isZero();
    assertThat(accounting.waiting()).isZero();
    assertThat(accounting.delivered()).isEqualTo(live.total());
    // only the server's first events have no whole window: workers inherit theirs
    assertThat(accounting.unknown().get(UnknownReason.WARM_UP)).isEqualTo(WINDOW);
    assertThat(accounting.scored()).isEqualTo(live.total() - WINDOW);
    assertThat(accounting.rescored()).isPositive();
    assertThat(Agent.alerts(TAG)).isEmpty();
  }

  private static void swapAround(Changes changes) throws Exception {
    Bundle second = SecondScorer.install(SecondScorer.FIRST);
    try {
      second.start();
      changes.to(SecondScorer.FIRST);
      second.update(SecondScorer.jar(SecondScorer.NEXT));
      changes.to(SecondScorer.NEXT);
      second.stop();
      changes.to(MARKOV);
      second.start();
      changes.to(SecondScorer.NEXT);
      Agent.bundle(MARKOV).stop(Bundle.STOP_TRANSIENT);
      Agent.bundle(MARKOV).start(Bundle.START_TRANSIENT);
    } finally {
      second.uninstall();
    }
    changes.to(MARKOV);
  }

  @Test
  void shouldScoreDifferentlyWithAnotherEngineAndAsBeforeWhenItIsGone() throws Exception {
    Written training = new ServerWorkload(1).server(TAG, 400).write(agent.work("training.rec"));
    LearnReport model = Agent.install(TAG, training.file(), Integer.toString(WINDOW));
    agent.watch(TAG, "gate", "monitor");
    agent.replay(training.file(), 1_000_000, 1);
    Agent.settled(training);
    float before = serverScore();

    Bundle second = SecondScorer.install(SecondScorer.FIRST);
    second.start();
    new Changes().to(SecondScorer.FIRST);
    float between = serverScore();
    List<Provider> providers = Agent.player().providers();
    second.uninstall();
    new Changes().to(MARKOV);

    assertThat(between).isNotCloseTo(before, within(0.001f));
    assertThat(serverScore()).isCloseTo(before, within(0.001f));
    assertThat(Agent.tag(TAG).model()).isEqualTo(model.version());
    assertThat(providers)
        .filteredOn(it -> it.kind().equals("engine") && it.name().equals("markov"))
        .extracting(Provider::bundle, Provider::ranking, Provider::inUse)
        .containsExactly(
            tuple("second.scorer 1.0.0", 100, "tag " + TAG),
            tuple(MARKOV + " " + Agent.bundle(MARKOV).getVersion(), 0, ""));
  }

  private static float serverScore() throws Exception {
    List<SessionStatus> live = Agent.player().sessions();
    assertThat(live).hasSize(1);
    return live.get(0).score();
  }

  @Test
  void shouldKeepTheScorerWhenABetterRankedOneGivesNonsense() throws Exception {
    Written training = new ServerWorkload(1).server(TAG, 400).write(agent.work("training.rec"));
    Agent.install(TAG, training.file(), Integer.toString(WINDOW));
    agent.watch(TAG, "gate", "monitor");
    agent.replay(training.file(), RATE, 0);
    new Changes().to(MARKOV);

    List<ServiceRegistration<ScorerEngine>> bad = new ArrayList<>();
    try {
      for (BadEngine engine : BadEngine.values()) {
        bad.add(
            Agent.CONTEXT.registerService(
                ScorerEngine.class,
                engine,
                FrameworkUtil.asDictionary(
                    Map.of(ScorerEngine.FORMAT, "markov", "service.ranking", 1000))));
      }

      Await.until("withdrawn", () -> problems().stream().anyMatch(it -> it.contains("withdrawn")));
      new Changes().to(MARKOV);
      long scored = Agent.tag(TAG).accounting().scored();
      Await.until("scoring on", () -> Agent.tag(TAG).accounting().scored() > scored);
    } finally {
      bad.forEach(ServiceRegistration::unregister);
    }
    Accounting accounting = Agent.tag(TAG).accounting();
    assertThat(engine()).contains(MARKOV);
    assertThat(accounting.balanced()).isTrue();
    assertThat(accounting.unknown())
        .allSatisfy(
            (reason, count) -> {
              if (reason != UnknownReason.WARM_UP) {
                assertThat(count).as("%s", reason).isZero();
              }
            });
  }

  private static List<String> problems() throws Exception {
    return Agent.tag(TAG).problems();
  }
}
