// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.SubstituteLogger;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;

class EnforcingPolicyTest {
  private static final String PID = "tagwatch.policy.kill";
  private static final Verdict KILL_SUBTREE = new Verdict(Verdict.Kind.KILL, Verdict.Scope.SUBTREE);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // nanoTime may overflow
  private final Queue<SubstituteLoggingEvent> log = new ConcurrentLinkedQueue<>();

  private static final class Killing extends EnforcingPolicy {
    Killing(EnforcingPolicyTest test, Map<String, Object> configuration) {
      super(
          Verdict.Kind.KILL,
          PID,
          configuration,
          test.now::get,
          new SubstituteLogger(PID, test.log, false));
    }
  }

  private EnforcingPolicy policy(Map<String, Object> configuration) {
    return new Killing(this, configuration);
  }

  @Test
  void shouldGiveItsVerdictInTheConfiguredScope() {
    assertThat(policy(Map.of()).decide(FixedDetection.of(7, 1))).isEqualTo(KILL_SUBTREE);
    assertThat(policy(Map.of("scope", "process")).decide(FixedDetection.of(7, 1)).scope())
        .isEqualTo(Verdict.Scope.PROCESS);
    assertThat(policy(Map.of()).requires()).containsExactly(Verdict.Kind.KILL);
  }

  @Test
  void shouldOnlyAlertWhenTheRootIsDetectedUnlessConfigured() {
    assertThat(policy(Map.of()).decide(FixedDetection.root(1))).isEqualTo(Verdict.ALERT);
    assertThat(messages())
        .singleElement()
        .asString()
        .isEqualTo(
            "tag 1: only alert instead of kill for process 1 (/bin/sh), because it is the root of"
                + " its tree and spareRoot is true; 1 since the last such message; change it in "
                + PID);
    assertThat(policy(Map.of("spareRoot", false)).decide(FixedDetection.root(1)))
        .isEqualTo(KILL_SUBTREE);
  }

  @Test
  void shouldOnlyAlertWhenTheBudgetOfTheTagIsSpent() {
    EnforcingPolicy policy = policy(Map.of("budget", 2));
    assertThat(policy.decide(FixedDetection.of(1, 1))).isEqualTo(KILL_SUBTREE);
    now.addAndGet(30 * SECOND);
    assertThat(policy.decide(FixedDetection.of(2, 1))).isEqualTo(KILL_SUBTREE);
    assertThat(policy.decide(FixedDetection.of(3, 1))).isEqualTo(Verdict.ALERT);
    assertThat(policy.decide(FixedDetection.of(4, 2))).as("another tag").isEqualTo(KILL_SUBTREE);
    now.addAndGet(30 * SECOND);
    assertThat(policy.decide(FixedDetection.of(5, 1))).as("one is free").isEqualTo(KILL_SUBTREE);
    assertThat(policy.decide(FixedDetection.of(6, 1))).as("not two").isEqualTo(Verdict.ALERT);
  }

  @Test
  void shouldNotChargeAProcessTwiceForItsThreads() {
    EnforcingPolicy policy = policy(Map.of("budget", 2));
    for (int i = 0; i < 10; i++) {
      assertThat(policy.decide(FixedDetection.of(1, 1))).isEqualTo(KILL_SUBTREE);
    }
    assertThat(policy.decide(FixedDetection.of(2, 1))).isEqualTo(KILL_SUBTREE);
    assertThat(policy.decide(FixedDetection.of(3, 1))).isEqualTo(Verdict.ALERT);
  }

  @Test
  void shouldNeverActWithABudgetOfZero() {
    EnforcingPolicy policy = policy(Map.of("budget", 0));
    assertThat(policy.decide(FixedDetection.of(1, 1))).isEqualTo(Verdict.ALERT);
  }

  @Test
  void shouldKeepAccountOverManyMinutes() {
    EnforcingPolicy policy = policy(Map.of("budget", 7));
    int process = 1;
    for (int minute = 0; minute < 50; minute++) {
      for (int i = 0; i < 7; i++) {
        assertThat(policy.decide(FixedDetection.of(process++, 1))).isEqualTo(KILL_SUBTREE);
      }
      assertThat(policy.decide(FixedDetection.of(process++, 1))).isEqualTo(Verdict.ALERT);
      now.addAndGet(60 * SECOND);
    }
  }

  @Test
  void shouldSpendTheBudgetExactlyWhenManyThreadsDecide() throws Exception {
    int threads = 8;
    int budget = 100;
    EnforcingPolicy policy = policy(Map.of("budget", budget));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<int[]>> work = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int first = 1 + thread * 10_000;
        work.add(
            () -> {
              int[] killsOfTag = new int[3];
              for (int i = 0; i < 10_000; i++) {
                int tag = i % 3;
                if (policy.decide(FixedDetection.of(first + i, tag)).equals(KILL_SUBTREE)) {
                  killsOfTag[tag]++;
                }
              }
              return killsOfTag;
            });
      }
      int[] total = new int[3];
      for (Future<int[]> result : executor.invokeAll(work)) {
        for (int tag = 0; tag < 3; tag++) {
          total[tag] += result.get()[tag];
        }
      }
      assertThat(total).containsExactly(budget, budget, budget);
      assertThat(messages()).as("one a tag").hasSize(3);
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void shouldSayOnceAMinuteWhyItSoftened() {
    EnforcingPolicy policy = policy(Map.of("budget", 0));
    for (int i = 1; i <= 100; i++) {
      policy.decide(FixedDetection.of(i, 1));
    }
    assertThat(messages()).hasSize(1);
    now.addAndGet(60 * SECOND);
    policy.decide(FixedDetection.of(101, 1));
    assertThat(messages())
        .hasSize(2)
        .last()
        .asString()
        .contains("the budget of 0 a minute is spent; 100 since the last such message");
  }

  @Test
  void shouldNotLetNamesOfProgramsWriteLinesOfTheLog() {
    Executable forged = new Executable("/tmp/a\nERROR all is well", "");
    policy(Map.of("budget", 0)).decide(new FixedDetection(new TaskKey(1, 1), 1, false, forged));
    assertThat(messages()).singleElement().asString().doesNotContain("\n").contains("/tmp/a?ERROR");
  }

  @Test
  void shouldKeepTheOldSettingsAndWhatWasSpentWhenTheNewOnesAreBad() {
    EnforcingPolicy policy = policy(Map.of("budget", 1, "scope", "process"));
    policy.decide(FixedDetection.of(1, 1));
    policy.configure(Map.of("budget", -1));
    assertThat(log.element().getLevel()).isEqualTo(Level.ERROR);
    assertThat(messages())
        .singleElement()
        .asString()
        .contains("tagwatch.policy.kill: budget is -1, allowed: a whole number from 0 to 1000")
        .endsWith("still in force: scope=process budget=1 spareRoot=true");
    assertThat(policy.decide(FixedDetection.of(2, 1))).isEqualTo(Verdict.ALERT);
    policy.configure(Map.of("budget", 2));
    assertThat(policy.decide(FixedDetection.of(3, 1))).isEqualTo(KILL_SUBTREE);
    assertThat(policy.decide(FixedDetection.of(4, 1))).isEqualTo(Verdict.ALERT);
  }

  @Test
  void shouldStartWithTheDefaultsWhenTheFirstSettingsAreBad() {
    EnforcingPolicy policy = policy(Map.of("scope", "world"));
    assertThat(policy.decide(FixedDetection.of(1, 1))).isEqualTo(KILL_SUBTREE);
    assertThat(messages()).singleElement().asString().contains("still in force: scope=subtree");
  }

  @Test
  void shouldGiveEachServiceItsKind() {
    FixedDetection detection = FixedDetection.of(1, 1);
    assertThat(new KillPolicy(Map.of()).decide(detection).kind()).isEqualTo(Verdict.Kind.KILL);
    assertThat(new DenyPolicy(Map.of()).decide(detection).kind()).isEqualTo(Verdict.Kind.DENY);
    assertThat(new SuspendPolicy(Map.of()).decide(detection).kind())
        .isEqualTo(Verdict.Kind.SUSPEND);
    assertThat(new AlertPolicy().decide(detection)).isEqualTo(Verdict.ALERT);
    assertThat(new AlertPolicy().requires()).isEmpty();
  }

  private List<String> messages() {
    return log.stream()
        .map(e -> MessageFormatter.arrayFormat(e.getMessage(), e.getArgumentArray()).getMessage())
        .toList();
  }
}
