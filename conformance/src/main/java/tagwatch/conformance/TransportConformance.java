// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.TransportException;

/**
 * What every transport of the SPI {@code tagwatch.transport} has to do.
 *
 * <p>{@code conformance.transport} names it, {@code conformance.tag} is the tag to watch; its
 * events come by themselves, or from {@code conformance.workload} (see {@link Workload}).
 */
public class TransportConformance {
  private static final int LIMIT = 512;
  private static final long ENOUGH = 2_000;

  /** "Does not wait" on a machine that does much else. */
  private static final long LONGEST_POLL_NS = 2_000_000_000L;

  private static final long PATIENCE_NS = 30_000_000_000L;
  private static final int OPENINGS = 20;
  private static final long RSS_ALLOWANCE_KB = 24 * 1024;

  /** No process has it: the kernel's own limit is below. */
  private static final TaskKey NOBODY = new TaskKey((1 << 22) + 7, 1);

  private Transport transport;
  private Subscription subscription;
  private Workload workload;

  /** Called by JUnit. */
  public TransportConformance() {}

  @TestFactory
  Stream<DynamicTest> transport() throws Exception {
    Optional<String> name = Provided.property("conformance.transport");
    if (name.isEmpty()) {
      return Stream.empty();
    }
    transport = Provided.service(Transport.class, Transport.NAME, name.get());
    int tag = Provided.number("conformance.tag", 13107);
    subscription = new Subscription(Set.of(tag), Subscription.Mode.LIVE);
    workload = Workload.prepare(tag);
    return Stream.of(
        dynamicTest("shouldSayWhatItFindsOfWhatItNeeds", this::probes),
        dynamicTest("shouldDeliverTasksAndEventsInOrder", this::order),
        dynamicTest("shouldCountEachEventWhereItWent", this::counters),
        dynamicTest("shouldCountRefusedEventsAsLost", this::refused),
        dynamicTest("shouldSayNothingMoreOfARefusedTask", this::refusedTask),
        dynamicTest("shouldNotWaitInPollAndNotForEverOtherwise", this::bounded),
        dynamicTest("shouldShowImagesInOrder", this::images),
        dynamicTest("shouldKnowNothingOfAnUnknownTask", this::unknown),
        dynamicTest("shouldRefuseVerdictsThatItDoesNotHave", this::verdicts),
        dynamicTest("shouldNeverBlockPidOne", this::init),
        dynamicTest("shouldAnswerOtherThreadsWhileItIsPolledAndClosed", this::concurrent),
        dynamicTest("shouldCloseTwiceAndOpenAgain", this::again),
        dynamicTest("shouldLeaveNothingInTheKernelAfterItIsUnloaded", this::unloads));
  }

  private interface Check {
    void of(EventSource source, CheckingSink sink) throws Exception;
  }

  /** Opens a source, lets something happen, and closes it. */
  private void with(Check check) throws Exception {
    EventSource source = transport.open(subscription);
    try {
      workload.start();
      check.of(source, new CheckingSink(transport.vocabulary()));
    } finally {
      workload.stop();
      source.close();
    }
  }

  private static void drain(EventSource source, CheckingSink sink, long events) {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (sink.events() < events && !source.exhausted()) {
      assertThat(System.nanoTime()).as("events so far: %s", sink).isLessThan(deadline);
      if (source.poll(sink, LIMIT) == 0) {
        source.awaitEvents(10_000_000);
      }
    }
  }

  /** Polls until nothing has come for a while, or it ends. */
  private static void drainAll(EventSource source, CheckingSink sink) {
    int idle = 0;
    while (idle < 20 && !source.exhausted()) {
      if (source.poll(sink, LIMIT) == 0) {
        idle++;
        source.awaitEvents(10_000_000);
      } else {
        idle = 0;
      }
    }
  }

  void probes() {
    List<Finding> findings = transport.probe();
    assertThat(findings).isNotEmpty();
    assertThat(findings)
        .allSatisfy(
            it -> {
              assertThat(it.facility()).isNotBlank();
              assertThat(it.present() || !it.remedy().isBlank()).as("remedy of %s", it).isTrue();
            });
    assertThat(transport.vocabulary()).isSameAs(transport.vocabulary());
    assertThat(transport.verdicts()).contains(Verdict.Kind.ALERT);
  }

  void order() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, ENOUGH);
          assertThat(sink.violations()).isEmpty();
          assertThat(sink.tasks()).isPositive();
          assertThat(source.sequenceDomain()).isNotBlank().isEqualTo(source.sequenceDomain());
        });
  }

  private static long counter(Map<TransportCounter, Long> counters, TransportCounter counter) {
    return counters.getOrDefault(counter, 0L);
  }

  private static void assertIdentity(EventSource source, CheckingSink sink) {
    Map<TransportCounter, Long> counters = source.counters();
    assertThat(counter(counters, TransportCounter.EMITTED))
        .as("emitted = delivered + lost + uncovered in %s with %s", counters, sink)
        .isEqualTo(
            sink.accepted()
                + counter(counters, TransportCounter.LOST)
                + counter(counters, TransportCounter.UNCOVERED));
  }

  void counters() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, ENOUGH);
          workload.stop();
          if (workload.endless()) {
            // what is due at this moment may not have been polled; but nothing was lost
            assertThat(counter(source.counters(), TransportCounter.LOST)).isZero();
            return;
          }
          drainAll(source, sink);
          assertIdentity(source, sink);
        });
  }

  void refused() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, ENOUGH);
          sink.refuseEvents(true);
          drain(source, sink, 2 * ENOUGH);
          sink.refuseEvents(false);
          assertThat(counter(source.counters(), TransportCounter.LOST))
              .isGreaterThanOrEqualTo(sink.declined());
          assertThat(sink.declined()).isPositive();
        });
  }

  void refusedTask() throws Exception {
    with(
        (source, sink) -> {
          sink.refuseTasks(true);
          for (int i = 0; i < 50 && !source.exhausted(); i++) {
            source.poll(sink, LIMIT);
            source.awaitEvents(5_000_000);
          }
          assertThat(sink.events()).isZero();
          assertThat(sink.violations()).isEmpty();
        });
  }

  void bounded() throws Exception {
    with(
        (source, sink) -> {
          for (int i = 0; i < 200 && !source.exhausted(); i++) {
            int limit = 1 + i % LIMIT;
            long before = sink.events();
            long begin = System.nanoTime();
            int polled = source.poll(sink, limit);
            assertThat(System.nanoTime() - begin).as("poll, ns").isLessThan(LONGEST_POLL_NS);
            assertThat(polled).isBetween(0, limit);
            assertThat(sink.events() - before).isEqualTo(polled);
          }
          long begin = System.nanoTime();
          source.awaitEvents(20_000_000);
          assertThat(System.nanoTime() - begin).as("wait, ns").isLessThan(LONGEST_POLL_NS);
        });
  }

  void images() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, ENOUGH);
          int shown = 0;
          for (TaskKey task : sink.live()) {
            List<Long> sequences = new ArrayList<>();
            int count =
                source.image(
                    task,
                    (hookId, sequence, timestampNs, features, offset, length) -> {
                      sequences.add(sequence);
                      return false;
                    });
            if (count >= 0) {
              shown++;
              assertThat(sequences).hasSize(count).isSorted().doesNotHaveDuplicates();
            }
          }
          System.out.printf("%d images of %d live tasks%n", shown, sink.live().size());
        });
  }

  void unknown() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, 1);
          for (Verdict.Kind kind : EnumSet.of(Verdict.Kind.SUSPEND, Verdict.Kind.KILL)) {
            if (transport.verdicts().contains(kind)) {
              Verdict verdict = new Verdict(kind, Verdict.Scope.PROCESS);
              assertThat(source.enforce(NOBODY, verdict).outcome())
                  .isEqualTo(Enforcement.Outcome.GONE);
            }
          }
          assertThat(source.release(NOBODY).outcome()).isEqualTo(Enforcement.Outcome.GONE);
          assertThat(source.image(NOBODY, (hook, sequence, time, slots, at, length) -> false))
              .isEqualTo(-1);
          assertThat(source.verdictsInForce())
              .noneMatch(it -> it.process().threadId() == NOBODY.threadId());
        });
  }

  void verdicts() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, ENOUGH);
          for (Verdict.Kind kind : EnumSet.complementOf(EnumSet.copyOf(transport.verdicts()))) {
            for (TaskKey task : sink.live()) {
              Enforcement enforcement =
                  source.enforce(task, new Verdict(kind, Verdict.Scope.PROCESS));
              assertThat(enforcement.outcome())
                  .isIn(Enforcement.Outcome.REFUSED, Enforcement.Outcome.GONE);
              assertThat(enforcement.detail()).isNotBlank();
            }
          }
        });
  }

  void init() throws Exception {
    with(
        (source, sink) -> {
          drain(source, sink, 1);
          assertThat(
                  source
                      .enforce(
                          new TaskKey(1, 0), new Verdict(Verdict.Kind.KILL, Verdict.Scope.PROCESS))
                      .outcome())
              .isIn(Enforcement.Outcome.REFUSED, Enforcement.Outcome.GONE);
          assertThat(source.verdictsInForce()).noneMatch(it -> it.process().threadId() == 1);
        });
  }

  void concurrent() throws Exception {
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicBoolean ended = new AtomicBoolean();
    Thread[] askers = new Thread[2];
    with(
        (source, sink) -> {
          for (int i = 0; i < askers.length; i++) {
            askers[i] = new Thread(() -> ask(source, sink, ended));
            askers[i].setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            askers[i].start();
          }
          drain(source, sink, ENOUGH);
          source.close();
        });
    // closed: they must go on to be answered, or refused without harm
    Thread.sleep(50);
    ended.set(true);
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(failures).isEmpty();
  }

  private static void ask(EventSource source, CheckingSink sink, AtomicBoolean ended) {
    while (!ended.get()) {
      source.counters();
      source.verdictsInForce();
      source.release(NOBODY);
      for (TaskKey task : sink.live()) {
        source.image(task, (hook, sequence, time, slots, at, length) -> false);
      }
    }
  }

  void again() throws Exception {
    openAndClose();
    Resources before = Resources.now();
    for (int i = 0; i < OPENINGS; i++) {
      openAndClose();
    }
    Resources.now().assertNotGrown(before, RSS_ALLOWANCE_KB);
  }

  void unloads() throws TransportException {
    assertThat(transport.unload()).isNotNull();
    assertThat(transport.unload().removed()).isEmpty();
  }

  private void openAndClose() throws TransportException {
    EventSource source = transport.open(subscription);
    source.poll(new CheckingSink(transport.vocabulary()), LIMIT);
    source.close();
    source.close();
  }
}
