// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.EventSink;
import tagwatch.transport.EventSource;
import tagwatch.transport.ImageSink;
import tagwatch.transport.TransportCounter;
import tagwatch.transport.VerdictInForce;

/** A source that does something else than to deliver. */
record BadSource(Runnable deed) implements EventSource {
  private static final Enforcement GONE = new Enforcement(Enforcement.Outcome.GONE, "nobody");

  @Override
  public String sequenceDomain() {
    return "hostile";
  }

  @Override
  public int poll(EventSink sink, int limit) {
    deed.run();
    return 0;
  }

  @Override
  public void awaitEvents(long maxNanos) {
    LockSupport.parkNanos(maxNanos);
  }

  @Override
  public int image(TaskKey task, ImageSink sink) {
    return -1;
  }

  @Override
  public Enforcement enforce(TaskKey task, Verdict verdict) {
    return GONE;
  }

  @Override
  public Enforcement release(TaskKey task) {
    return GONE;
  }

  @Override
  public List<VerdictInForce> verdictsInForce() {
    return List.of();
  }

  @Override
  public Map<TransportCounter, Long> counters() {
    return Map.of();
  }

  @Override
  public void close() {}
}
