// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tagwatch.recording.TraceFile.Trace;

/**
 * Which calls occur together in one process. A process that uses only known calls, but a set of
 * them that no learned process came near, behaves like no program that was learned. The distance of
 * a trace is the Jaccard distance of its set to the nearest learned one: 0 (such a process was
 * learned) to 1 (nothing in common).
 *
 * <p>Sets, not frequencies: how often a loop runs depends on the load, and of all distances that
 * were tried this one moved least when whole blocks of the training were left out.
 */
final class Repertoire {
  private final List<BitSet> learned;

  private Repertoire(Set<BitSet> learned) {
    this.learned = new ArrayList<>(learned);
  }

  static Repertoire of(List<Trace> traces) {
    Set<BitSet> sets = new LinkedHashSet<>();
    traces.forEach(trace -> sets.add(calls(trace)));
    return new Repertoire(sets);
  }

  double distance(Trace trace) {
    BitSet calls = calls(trace);
    double nearest = 1;
    BitSet common = new BitSet();
    for (BitSet other : learned) {
      common.clear();
      common.or(calls);
      common.and(other);
      int shared = common.cardinality();
      int all = calls.cardinality() + other.cardinality() - shared;
      nearest = Math.min(nearest, all == 0 ? 0 : 1 - (double) shared / all);
    }
    return nearest;
  }

  /** An id above all that kernels use counts as one: a set with room for it would fill the heap. */
  private static BitSet calls(Trace trace) {
    BitSet calls = new BitSet();
    for (int id : trace.ids()) {
      calls.set(Math.min(id, 0xffff));
    }
    return calls;
  }
}
