// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;

/** An audience at a server: several visitors at a time that work off one list in its order. */
final class Crowd {
  /**
   * What came of it.
   *
   * @param requests sent
   * @param faults what was wrong, one line for each request that failed
   */
  record Outcome(int requests, List<String> faults) {
    static final Outcome NONE = new Outcome(0, List.of());

    /** For traffic that must work: nothing can be learned or shown from a server that fails. */
    int orThrow(String what) throws DemoException {
      if (!faults.isEmpty()) {
        throw new DemoException(
            "%d of %d requests of the %s failed, the first: %s"
                .formatted(faults.size(), requests, what, faults.get(0)));
      }
      return requests;
    }
  }

  private static final int LIMIT_MINUTES = 10;
  private static final int BURST = 30;

  private final int port;
  private final List<Integer> concurrency;

  Crowd(ProtectedServer server, Audience audience) {
    this(server, audience.concurrency());
  }

  private Crowd(ProtectedServer server, List<Integer> concurrency) {
    this.port = server.port();
    this.concurrency = concurrency;
  }

  /** Very many at a time. */
  static Crowd burst(ProtectedServer server) {
    return new Crowd(server, List.of(BURST));
  }

  /**
   * Pays all visits and returns when the last one is answered.
   *
   * @param progress is told the share done, by the visitors' threads
   */
  Outcome pay(List<Visit> visits, DoubleConsumer progress) throws InterruptedException {
    ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    AtomicInteger done = new AtomicInteger();
    int parts = concurrency.size();
    for (int part = 0; part < parts; part++) {
      List<Visit> some =
          visits.subList(part * visits.size() / parts, (part + 1) * visits.size() / parts);
      pay(
          some,
          concurrency.get(part),
          fault -> {
            fault.ifPresent(faults::add);
            progress.accept((double) done.incrementAndGet() / visits.size());
          });
    }
    return new Outcome(done.get(), new ArrayList<>(faults));
  }

  private void pay(List<Visit> visits, int visitors, Consumer<Optional<String>> answered)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(visitors);
    try {
      for (int i = 0; i < visitors; i++) {
        threads.execute(
            () -> {
              for (int at = next.getAndIncrement();
                  at < visits.size() && !Thread.currentThread().isInterrupted();
                  at = next.getAndIncrement()) {
                answered.accept(visits.get(at).pay(port));
              }
            });
      }
      threads.shutdown();
      if (!threads.awaitTermination(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        answered.accept(Optional.of("the visits did not end in " + LIMIT_MINUTES + " minutes"));
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
