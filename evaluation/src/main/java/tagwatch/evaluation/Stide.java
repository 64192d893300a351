// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tagwatch.recording.TraceFile.Trace;

/**
 * The classic baseline: all windows of a length that training showed, and which share of a trace's
 * windows is not among them (Forrest et al., IEEE Symposium on Security and Privacy 1996; Warrender
 * et al. 1999). A window of one is the set of known calls.
 */
public final class Stide {
  private final int length;
  private final Set<List<Integer>> known = new HashSet<>();

  /**
   * Learns.
   *
   * @param length events in a window, at least 1
   */
  public Stide(int length, List<Trace> traces) {
    this.length = length;
    for (Trace trace : traces) {
      for (int end = length; end <= trace.ids().length; end++) {
        known.add(window(trace.ids(), end));
      }
    }
  }

  /** Share of the windows that training did not show, 0 to 1; 0 for a trace without a window. */
  public double unseen(Trace trace) {
    int windows = Math.max(0, trace.ids().length - length + 1);
    int unseen = 0;
    for (int end = length; end <= trace.ids().length; end++) {
      unseen += known.contains(window(trace.ids(), end)) ? 0 : 1;
    }
    return windows == 0 ? 0 : (double) unseen / windows;
  }

  /** The highest number of unseen windows among so many in a row: what an online STIDE watches. */
  public int mostUnseen(Trace trace, int frame) {
    int end = length;
    int inFrame = 0;
    int most = 0;
    boolean[] unseen = new boolean[trace.ids().length + 1];
    for (; end <= trace.ids().length; end++) {
      unseen[end] = !known.contains(window(trace.ids(), end));
      inFrame += unseen[end] ? 1 : 0;
      if (end - frame >= 0 && unseen[end - frame]) {
        inFrame--;
      }
      most = Math.max(most, inFrame);
    }
    return most;
  }

  private List<Integer> window(int[] ids, int end) {
    Integer[] window = new Integer[length];
    for (int i = 0; i < length; i++) {
      window[i] = ids[end - length + i];
    }
    return List.of(window);
  }
}
