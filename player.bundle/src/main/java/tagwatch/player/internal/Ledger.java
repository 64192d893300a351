// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tagwatch.player.Accounting;
import tagwatch.player.UnknownReason;

/**
 * Counts of one tag. Each counter has one writer, so that counting costs no locked instruction; any
 * thread may read.
 */
final class Ledger {
  /** A counter with one writer. */
  static final class Counter {
    private final AtomicLong value = new AtomicLong();

    void add(long amount) {
      value.setRelease(value.getPlain() + amount);
    }

    long get() {
      return value.getAcquire();
    }
  }

  /** Written by the drain. */
  final Counter accepted = new Counter();

  final Counter refused = new Counter();

  /** Written by the scoring thread, like all below. */
  final Counter taken = new Counter();

  final Counter retained = new Counter();
  final Counter scored = new Counter();
  final Counter rescored = new Counter();
  final Counter recovered = new Counter();
  final Counter duplicates = new Counter();
  final Counter gaps = new Counter();
  private final Map<UnknownReason, Counter> unknown = new EnumMap<>(UnknownReason.class);

  Ledger() {
    for (UnknownReason reason : UnknownReason.values()) {
      unknown.put(reason, new Counter());
    }
  }

  Counter unknown(UnknownReason reason) {
    return unknown.get(reason);
  }

  /** A snapshot; exact when taken on the scoring thread while the drain is idle. */
  Accounting snapshot() {
    long tookBefore = taken.get();
    Map<UnknownReason, Long> reasons = new EnumMap<>(UnknownReason.class);
    unknown.forEach((reason, counter) -> reasons.put(reason, counter.get()));
    // The drain publishes after a poll: the scoring thread may be ahead of what is published.
    long acceptedNow = Math.max(accepted.get(), tookBefore);
    return new Accounting(
        acceptedNow + recovered.get() - duplicates.get(),
        scored.get(),
        reasons,
        acceptedNow - tookBefore + retained.get(),
        rescored.get(),
        recovered.get(),
        refused.get(),
        gaps.get());
  }
}
