// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tagwatch.recording.TraceFile.Trace;

/**
 * Finds exact copies. A trace that training holds too says nothing about what was never seen, and
 * one that occurs ten times is one observation, not ten.
 */
final class Copies {
  private Copies() {}

  static List<Integer> content(Trace trace) {
    return Arrays.stream(trace.ids()).boxed().toList();
  }

  /** The traces that are neither in the training nor a copy of an earlier one. */
  static List<Trace> removed(List<Trace> traces, List<Trace> training) {
    Set<List<Integer>> seen = new HashSet<>();
    training.forEach(trace -> seen.add(content(trace)));
    List<Trace> rest = new ArrayList<>();
    for (Trace trace : traces) {
      if (seen.add(content(trace))) {
        rest.add(trace);
      }
    }
    return rest;
  }
}
