// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tagwatch.transport.TransportCounter;

/**
 * The accounts of one open source.
 *
 * <pre>
 *   EMITTED   = the kernel's emitted - settled when the source was opened
 *   LOST      = jumps in the sequences of live events + refused by the sink - recovered by images
 *   UNCOVERED = overwritten before the image was fetched + the kernel's evicted
 * </pre>
 *
 * The drain adds; any thread may read.
 */
final class Tally {
  final AtomicLong missed = new AtomicLong();
  final AtomicLong refused = new AtomicLong();
  final AtomicLong recovered = new AtomicLong();
  final AtomicLong uncovered = new AtomicLong();
  final AtomicLong duplicates = new AtomicLong();

  Map<TransportCounter, Long> counters(Collection<Registration> registrations) {
    Map<TransportCounter, Long> counters = new EnumMap<>(TransportCounter.class);
    counters.put(TransportCounter.EMITTED, sum(registrations, Totals.EMITTED));
    counters.put(TransportCounter.LOST, missed.get() + refused.get() - recovered.get());
    counters.put(TransportCounter.UNCOVERED, uncovered.get() + sum(registrations, Totals.EVICTED));
    counters.put(TransportCounter.RECOVERED, recovered.get());
    counters.put(TransportCounter.DUPLICATES, duplicates.get());
    counters.put(TransportCounter.STORAGE_FAILURES, sum(registrations, Totals.STORAGE_FAILURES));
    counters.put(TransportCounter.TASKS, sum(registrations, Totals.TASKS));
    counters.put(TransportCounter.VERDICT_HITS, sum(registrations, Totals.VERDICT_HITS));
    return counters;
  }

  private static long sum(Collection<Registration> registrations, int total) {
    return registrations.stream().mapToLong(registration -> registration.since(total)).sum();
  }
}
