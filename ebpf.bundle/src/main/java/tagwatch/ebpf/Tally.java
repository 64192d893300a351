// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tagwatch.transport.TransportCounter;

/**
 * The accounts of one open source. The kernel counts emitted and lost over the life of its maps, so
 * this source's share is what lies after the events that earlier agents consumed and after the
 * losses of the outage before it:
 *
 * <pre>
 *   kernel: emitted = consumed + ring drops                       (once nothing is on its way)
 *   source: EMITTED = emitted - consumed before - drops before - unwanted
 *           LOST    = drops - drops before + refused by the sink - recovered by images
 * </pre>
 *
 * The drain adds once per poll; any thread may read.
 */
final class Tally {
  private final Control control;
  private final long consumedBefore;
  private final long dropsBefore;
  private final long outageLost;

  final AtomicLong refused = new AtomicLong();
  final AtomicLong unwanted = new AtomicLong();
  final AtomicLong recovered = new AtomicLong();
  final AtomicLong uncovered = new AtomicLong();
  final AtomicLong duplicates = new AtomicLong();
  final AtomicLong lateTags = new AtomicLong();
  private final long tasksBefore;
  private final long storageFailuresBefore;
  private final long verdictHitsBefore;

  Tally(Control control, long consumedBefore) {
    this.control = control;
    this.consumedBefore = consumedBefore;
    this.dropsBefore = control.count(Layout.COUNTERS_LOST);
    this.outageLost = Math.max(0, dropsBefore - control.lostSeen());
    this.tasksBefore = control.count(Layout.COUNTERS_TASKS);
    this.storageFailuresBefore = control.count(Layout.COUNTERS_STORAGE_FAILURES);
    this.verdictHitsBefore = control.count(Layout.COUNTERS_VERDICT_HITS);
  }

  /** Drops of the ring since the source was opened. */
  long drops() {
    return control.count(Layout.COUNTERS_LOST) - dropsBefore;
  }

  Map<TransportCounter, Long> counters() {
    Map<TransportCounter, Long> counters = new EnumMap<>(TransportCounter.class);
    long dropped = drops();
    counters.put(
        TransportCounter.EMITTED,
        control.count(Layout.COUNTERS_EMITTED) - consumedBefore - dropsBefore - unwanted.get());
    counters.put(TransportCounter.LOST, dropped + refused.get() - recovered.get());
    counters.put(TransportCounter.UNCOVERED, uncovered.get());
    counters.put(TransportCounter.RECOVERED, recovered.get());
    counters.put(TransportCounter.OUTAGE_LOST, outageLost);
    counters.put(TransportCounter.DUPLICATES, duplicates.get());
    counters.put(
        TransportCounter.STORAGE_FAILURES,
        control.count(Layout.COUNTERS_STORAGE_FAILURES) - storageFailuresBefore);
    counters.put(TransportCounter.LATE_TAGS, lateTags.get());
    counters.put(TransportCounter.TASKS, control.count(Layout.COUNTERS_TASKS) - tasksBefore);
    counters.put(
        TransportCounter.VERDICT_HITS,
        control.count(Layout.COUNTERS_VERDICT_HITS) - verdictHitsBefore);
    return counters;
  }
}
