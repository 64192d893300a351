// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tagwatch.recording.TraceFile.Trace;

/**
 * Training in contiguous blocks, one of which is left out at a time. Traces that stand side by side
 * come from the same program at the same time: with a random split the part left out would look
 * like the part learned, and the rate found on it would promise too much. A copy goes with its
 * first.
 */
final class Blocks {
  private final List<Trace> traces;
  private final int[] blockOf;
  private final int count;

  Blocks(List<Trace> traces, int count) {
    this.traces = traces;
    this.count = Math.min(count, traces.size());
    this.blockOf = new int[traces.size()];
    Map<List<Integer>, Integer> firsts = new HashMap<>();
    for (int i = 0; i < blockOf.length; i++) {
      int block = (int) ((long) i * this.count / blockOf.length);
      Integer first = firsts.putIfAbsent(Copies.content(traces.get(i)), block);
      blockOf[i] = first == null ? block : first;
    }
  }

  int count() {
    return count;
  }

  int blockOf(int trace) {
    return blockOf[trace];
  }

  List<Trace> without(int block) {
    List<Trace> rest = new ArrayList<>();
    for (int i = 0; i < blockOf.length; i++) {
      if (blockOf[i] != block) {
        rest.add(traces.get(i));
      }
    }
    return rest;
  }
}
