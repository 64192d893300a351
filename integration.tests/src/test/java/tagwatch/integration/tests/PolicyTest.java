// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import tagwatch.event.Verdict;
import tagwatch.integration.tests.ServerWorkload.Written;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;
import tagwatch.transport.Enforcement;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/**
 * From a detection to a verdict that is in force. The recording has one attack and is replayed
 * again and again; a replayed process under a verdict emits no further event.
 */
class PolicyTest {
  private static final int TAG = 341;
  private static final int RATE = 3_000;
  private static final int FOR_EVER = 0;
  private static final int REQUESTS = 60;

  private Agent agent;
  private Written live;
  private long before;

  @BeforeEach
  void start() throws Exception {
    agent = new Agent("policies");
    Written training = new ServerWorkload(1).server(TAG, 300).write(agent.work("training.rec"));
    live = new ServerWorkload(2).server(TAG, REQUESTS, REQUESTS / 2).write(agent.work("live.rec"));
    Agent.install(TAG, training.file(), "5");
    before = Agent.alerts(TAG).size();
  }

  @AfterEach
  void end() throws Exception {
    agent.end();
  }

  private void watch(Gate gate, String policy, String failSafe) throws Exception {
    agent.watch(TAG, "gate", gate.label(), "policy", policy, "failSafe", failSafe);
    agent.replay(live.file(), RATE, FOR_EVER);
    Await.until("scored", () -> Agent.tag(TAG).accounting().scored() > 0);
    // a model keeps the gate that it had in a test before
    Agent.player().gate(TAG, gate);
  }

  private Alert alert(Predicate<Alert> wanted) throws Exception {
    return Await.until(
            "alerted",
            () -> Agent.alerts(TAG).stream().skip(before).filter(wanted).reduce((a, b) -> b),
            it -> it.isPresent())
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"suspend, SUSPEND", "kill, KILL"})
  void shouldPutTheVerdictOfThePolicyIntoForce(String policy, Verdict.Kind kind) throws Exception {
    watch(Gate.ENFORCE, policy, "alert");

    Alert alert = alert(it -> it.verdict().kind() == kind);

    assertThat(alert.blocked()).isTrue();
    assertThat(alert.gate()).isEqualTo(Gate.ENFORCE);
    assertThat(alert.enforcement().outcome()).isEqualTo(Enforcement.Outcome.DONE);
    assertThat(alert.detection().cause()).isEqualTo(Detection.Cause.ANOMALY);
    assertThat(alert.detection().score()).isGreaterThan(alert.detection().threshold());
    assertThat(alert.detection().window()).isNotEmpty();
    assertThat(alert.detection().mostSurprising()).isNotEmpty();
    assertThat(alert.scores()).isNotEmpty();
    assertThat(live.attackers()).contains(alert.detection().process().threadId());
    Await.until("verdict hits", () -> Agent.counter(TransportCounter.VERDICT_HITS) > 0);
    assertOnlyAttackersAreBlocked();
    Alert ended = alert(it -> it.exitedNs().isPresent());
    assertThat(ended.callsAfter().orElseThrow()).isNotNegative();
  }

  private void assertOnlyAttackersAreBlocked() throws Exception {
    Set<Integer> blocked =
        Await.until("in force", () -> Agent.player().verdicts(), it -> !it.isEmpty()).stream()
            .map(VerdictInForce::process)
            .map(process -> process.threadId())
            .collect(Collectors.toSet());
    assertThat(live.attackers()).containsAll(blocked);
    long delivered = Agent.tag(TAG).accounting().delivered();
    Await.until("others go on", () -> Agent.tag(TAG).accounting().delivered() > delivered);
  }

  @Test
  void shouldOnlyTellInTheGateMonitor() throws Exception {
    watch(Gate.MONITOR, "kill", "kill");

    Alert alert = alert(it -> true);

    assertThat(alert.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(alert.blocked()).isFalse();
    assertThat(Agent.player().verdicts()).isEmpty();
  }

  @Test
  void shouldOnlyTellWithThePolicyAlert() throws Exception {
    watch(Gate.ENFORCE, "alert", "kill");

    assertThat(alert(it -> true).verdict()).isEqualTo(Verdict.ALERT);
    assertThat(Agent.player().verdicts()).isEmpty();
  }

  @Test
  void shouldFallBackToTheFailSafeWhileThePolicyBundleIsStopped() throws Exception {
    watch(Gate.ENFORCE, "kill", "suspend");
    alert(it -> it.verdict().kind() == Verdict.Kind.KILL);

    Agent.without(
        "policy.bundle",
        () -> {
          before = Agent.alerts(TAG).size();
          Alert alert = alert(it -> it.verdict().kind() == Verdict.Kind.SUSPEND);
          assertThat(alert.blocked()).isTrue();
          assertThat(Agent.tag(TAG).problems())
              .anySatisfy(it -> assertThat(it).contains("'kill'", "fail-safe suspend"));
        });

    before = Agent.alerts(TAG).size();
    alert(it -> it.verdict().kind() == Verdict.Kind.KILL);
    assertThat(Agent.tag(TAG).problems()).isEmpty();
  }

  /** What a policy must not do. */
  private record Throwing() implements Policy {
    @Override
    public Verdict decide(Detection detection) {
      throw new IllegalStateException("undecided");
    }

    @Override
    public Set<Verdict.Kind> requires() {
      return Set.of();
    }
  }

  @Test
  void shouldFallBackToTheFailSafeWhenThePolicyThrows() throws Exception {
    ServiceRegistration<Policy> throwing =
        Agent.CONTEXT.registerService(
            Policy.class,
            new Throwing(),
            FrameworkUtil.asDictionary(Map.of(Policy.NAME, "throwing")));
    try {
      watch(Gate.ENFORCE, "throwing", "kill");

      assertThat(alert(it -> it.verdict().kind() == Verdict.Kind.KILL).blocked()).isTrue();
      assertOnlyAttackersAreBlocked();
    } finally {
      throwing.unregister();
    }
  }

  @Test
  void shouldBlockAndReleaseAProcessByHand() throws Exception {
    watch(Gate.MONITOR, "alert", "alert");
    int server = server();

    Enforcement blocked =
        Agent.player().block(server, new Verdict(Verdict.Kind.SUSPEND, Verdict.Scope.PROCESS));

    assertThat(blocked.outcome()).isEqualTo(Enforcement.Outcome.DONE);
    assertThat(Agent.player().verdicts())
        .extracting(it -> it.process().threadId())
        .contains(server);
    assertThat(Agent.player().release(server).outcome()).isEqualTo(Enforcement.Outcome.DONE);
    assertThat(Agent.player().verdicts()).isEmpty();
  }

  private static int server() throws Exception {
    return Await.until(
        "a server",
        () ->
            Agent.player().sessions().stream()
                .filter(it -> it.parentThreadId() == 0)
                .mapToInt(it -> it.process().threadId())
                .findFirst()
                .orElse(0),
        it -> it > 0);
  }
}
