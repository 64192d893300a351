// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.integration.tests.HostileEngine.Deed;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Accounting;
import tagwatch.player.Gate;
import tagwatch.player.TagStatus;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;

/** Whatever a provider does: monitoring goes on with the incumbent, and an alert names it. */
class HostileProvidersTest {
  private static final int TAG = 391;
  private static final int OTHER_TAG = 392;
  private static final int RATE = 10_000;
  private static final int FOR_EVER = 0;
  private static final String CULPRIT = "tagwatch.integration.tests";
  private static final String MARKOV = "scorer.markov";

  private Agent agent;
  private Written live;
  private long before;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("hostile");
    Written training =
        new ServerWorkload(1).server(TAG, 300).server(OTHER_TAG, 300).write(agent.work("t.rec"));
    live =
        new ServerWorkload(2)
            .server(TAG, 60, 30)
            .server(OTHER_TAG, 60)
            .write(agent.work("live.rec"));
    Agent.install(TAG, training.file(), "5");
    Agent.install(OTHER_TAG, training.file(), "5");
    before = Agent.player().alerts().size();
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  private void watch(String policy, Gate gate) throws Exception {
    agent.watch(TAG, "gate", gate.label(), "policy", policy, "failSafe", "alert");
    agent.watch(OTHER_TAG, "gate", "monitor");
    agent.replay(live.file(), RATE, FOR_EVER);
    scoredBy(TAG, MARKOV);
    scoredBy(OTHER_TAG, MARKOV);
    // a model keeps the gate that it had in a test before
    Agent.player().gate(TAG, gate);
  }

  private static void scoredBy(int tag, String bundle) throws Exception {
    Await.until("scored by " + bundle, () -> Agent.tag(tag).engine(), it -> it.contains(bundle));
    goesOn(tag);
  }

  private static void goesOn(int tag) throws Exception {
    long scored = Agent.tag(tag).accounting().scored();
    Await.until("scoring goes on", () -> Agent.tag(tag).accounting().scored() > scored + 100);
  }

  private void alertNames(String culprit) throws Exception {
    Await.until(
        "an alert names " + culprit,
        () ->
            Agent.player().alerts().stream()
                .skip(before)
                .anyMatch(it -> it.culprit().contains(culprit)));
  }

  private static ScorerEngine markov() throws Exception {
    List<ServiceReference<ScorerEngine>> engines =
        List.copyOf(
            Agent.CONTEXT.getServiceReferences(ScorerEngine.class, "(scorer.format=markov)"));
    return Agent.CONTEXT.getService(engines.get(0));
  }

  @ParameterizedTest
  @EnumSource(Deed.class)
  void shouldGoOnWithTheIncumbentWhateverAnEngineDoes(Deed deed) throws Exception {
    watch("alert", Gate.MONITOR);
    ServiceRegistration<?>[] registration = new ServiceRegistration<?>[1];
    HostileEngine hostile = new HostileEngine(deed, markov(), () -> registration[0].unregister());
    registration[0] =
        Agent.CONTEXT.registerService(
            ScorerEngine.class,
            hostile,
            FrameworkUtil.asDictionary(
                Map.of(ScorerEngine.FORMAT, "markov", "service.ranking", 1000)));
    try {
      Await.until("its deed: " + deed, hostile::done);

      scoredBy(TAG, MARKOV);
      goesOn(OTHER_TAG);
      if (deed != Deed.UNREGISTERS_IN_THE_MIDDLE_OF_A_CALL) {
        alertNames(CULPRIT);
      }
    } finally {
      hostile.end();
      unregister(registration[0]);
    }
    scoredBy(TAG, MARKOV);
    Accounting accounting =
        Await.until("rest", () -> Agent.tag(TAG).accounting(), Accounting::balanced);
    System.out.printf("engine that %s: %s%n", deed, accounting);
  }

  private static void unregister(ServiceRegistration<?> registration) {
    try {
      registration.unregister();
    } catch (IllegalStateException e) {
      // it did that itself
    }
  }

  /** Policies that do not answer. */
  private enum BadPolicy implements Policy {
    THROWS {
      @Override
      public Verdict decide(Detection detection) {
        throw new IllegalStateException("hostile");
      }
    },
    NEVER_RETURNS {
      @Override
      public Verdict decide(Detection detection) {
        holdFor(ENDED[0]);
        return Verdict.ALERT;
      }
    };

    static final CountDownLatch[] ENDED = {new CountDownLatch(1)};

    @Override
    public Set<Verdict.Kind> requires() {
      return Set.of();
    }
  }

  private static void holdFor(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // not for it
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BadPolicy.class)
  void shouldUseTheFailSafeWhateverAPolicyDoes(BadPolicy policy) throws Exception {
    BadPolicy.ENDED[0] = new CountDownLatch(1);
    ServiceRegistration<Policy> registration =
        Agent.CONTEXT.registerService(
            Policy.class, policy, FrameworkUtil.asDictionary(Map.of(Policy.NAME, "hostile")));
    try {
      watch("hostile", Gate.ENFORCE);

      alertNames(CULPRIT);
      goesOn(TAG);
      goesOn(OTHER_TAG);
      Await.until(
          "an alert by the fail-safe",
          () ->
              Agent.alerts(TAG).stream()
                  .anyMatch(
                      it ->
                          it.detection().cause() == Detection.Cause.ANOMALY
                              && it.verdict().kind() == Verdict.Kind.ALERT));
    } finally {
      BadPolicy.ENDED[0].countDown();
      registration.unregister();
    }
  }

  /** A transport whose source fails. */
  private record BadTransport(Vocabulary vocabulary, Runnable poll) implements Transport {
    @Override
    public Set<Verdict.Kind> verdicts() {
      return Set.of(Verdict.Kind.ALERT);
    }

    @Override
    public List<Finding> probe() {
      return List.of();
    }

    @Override
    public EventSource open(Subscription subscription) throws TransportException {
      return new BadSource(poll);
    }
  }

  private void watchWithTransport(Runnable poll) throws Exception {
    ServiceRegistration<Transport> registration =
        Agent.CONTEXT.registerService(
            Transport.class,
            new BadTransport(ServerWorkload.VOCABULARY, poll),
            FrameworkUtil.asDictionary(Map.of(Transport.NAME, "hostile")));
    try {
      agent.watch(OTHER_TAG, "gate", "monitor");
      agent.replay(live.file(), RATE, FOR_EVER);
      agent.watch(TAG, "gate", "monitor", "transport", "hostile");

      alertNames(CULPRIT);
      goesOn(OTHER_TAG);
      // back to a good one: the bad one must not hold the tag
      agent.watch(TAG, "gate", "monitor", "transport", "replay");
      goesOn(TAG);
      TagStatus status = Agent.tag(TAG);
      assertThat(status.accounting().balanced()).isTrue();
    } finally {
      registration.unregister();
    }
  }

  @Test
  void shouldNameATransportThatThrows() throws Exception {
    watchWithTransport(
        () -> {
          throw new IllegalStateException("hostile");
        });
  }

  @Test
  void shouldNameATransportThatNeverReturns() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try {
      watchWithTransport(() -> holdFor(ended));
    } finally {
      ended.countDown();
    }
  }
}
