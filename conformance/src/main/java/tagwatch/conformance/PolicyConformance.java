// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.policy.Detection;
import tagwatch.policy.Policy;

/**
 * What every policy of the SPI {@code tagwatch.policy} has to do; {@code conformance.policy} names
 * it.
 */
public class PolicyConformance {
  private static final int DECISIONS = 10_000;

  /** A scoring thread waits for each of them; far above what any takes, below what one notices. */
  private static final long MEAN_NS = 200_000;

  private static final int THREADS = 4;

  private Policy policy;

  /** Called by JUnit. */
  public PolicyConformance() {}

  /** A detection as odd as it can be made. */
  private record Sample(
      Cause cause,
      TaskKey task,
      TaskKey process,
      int tag,
      Executable executable,
      boolean root,
      float score,
      float threshold,
      List<Observation> window,
      List<Observation> mostSurprising,
      String modelVersion,
      long timestampNs)
      implements Detection {}

  private static Sample sample(
      Detection.Cause cause,
      int pid,
      boolean root,
      float score,
      List<Detection.Observation> window) {
    TaskKey task = new TaskKey(pid, pid);
    return new Sample(
        cause,
        task,
        task,
        pid & 0xffff,
        pid % 2 == 0 ? Executable.UNKNOWN : new Executable("/bin/odd\nname", "00"),
        root,
        score,
        1,
        window,
        window,
        "",
        0);
  }

  private static List<Detection> odd() {
    List<Detection.Observation> full = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      full.add(new Detection.Observation(i, "hook-" + i, i % 3 == 0 ? Float.NaN : i));
    }
    List<Detection> all = new ArrayList<>();
    int pid = 2;
    for (Detection.Cause cause : Detection.Cause.values()) {
      for (float score : new float[] {2, 0, Float.NaN, Float.MAX_VALUE, Float.POSITIVE_INFINITY}) {
        for (boolean root : new boolean[] {false, true}) {
          all.add(sample(cause, pid++, root, score, List.of()));
          all.add(sample(cause, pid++, root, score, full));
        }
      }
    }
    return all;
  }

  @TestFactory
  Stream<DynamicTest> policy() throws Exception {
    Optional<String> name = Provided.property("conformance.policy");
    if (name.isEmpty()) {
      return Stream.empty();
    }
    policy = Provided.service(Policy.class, Policy.NAME, name.get());
    return Stream.of(
        dynamicTest("shouldDecideTheSameAgain", this::pure),
        dynamicTest("shouldGiveOnlyVerdictsThatItDeclares", this::declared),
        dynamicTest("shouldAnswerAtOnce", this::fast),
        dynamicTest("shouldAnswerSeveralTagsAtATime", this::concurrent),
        dynamicTest("shouldAlwaysRequireTheSame", this::constant));
  }

  void pure() {
    Detection detection = sample(Detection.Cause.ANOMALY, 4711, false, 9, List.of());
    assertThat(policy.decide(detection)).isNotNull().isEqualTo(policy.decide(detection));
  }

  void declared() {
    Set<Verdict.Kind> allowed = EnumSet.of(Verdict.Kind.ALERT);
    allowed.addAll(policy.requires());
    for (Detection detection : odd()) {
      assertThat(policy.decide(detection)).as("verdict on %s", detection).isNotNull();
      assertThat(allowed).contains(policy.decide(detection).kind());
    }
  }

  void fast() {
    List<Detection> odd = odd();
    for (Detection detection : odd) {
      policy.decide(detection);
    }
    long begin = System.nanoTime();
    for (int i = 0; i < DECISIONS; i++) {
      policy.decide(odd.get(i % odd.size()));
    }
    assertThat((System.nanoTime() - begin) / DECISIONS)
        .as("nanoseconds a decision")
        .isLessThan(MEAN_NS);
  }

  void concurrent() throws Exception {
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(() -> odd().forEach(policy::decide));
      thread.setUncaughtExceptionHandler((where, failure) -> failures.add(failure));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  void constant() {
    Set<Verdict.Kind> first = policy.requires();
    assertThat(first).isNotNull();
    assertThat(policy.requires()).isEqualTo(first);
  }
}
