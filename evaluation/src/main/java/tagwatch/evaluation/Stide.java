// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
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
    return Arrays.stream(unseenInFrame(trace, frame)).max().orElse(0);
  }

  /** The event, from 1, at which more than that many of the last windows are unseen. */
  public OptionalInt alarmAt(Trace trace, int frame, int limit) {
    int[] unseen = unseenInFrame(trace, frame);
    return IntStream.range(0, unseen.length)
        .filter(i -> unseen[i] > limit)
        .map(i -> i + 1)
        .findFirst();
  }

  private int[] unseenInFrame(Trace trace, int frame) {
    int events = trace.ids().length;
    boolean[] unseen = new boolean[events];
    int[] inFrame = new int[events];
    int count = 0;
    for (int at = 0; at < events; at++) {
      unseen[at] = at + 1 >= length && !known.contains(window(trace.ids(), at + 1));
      count += unseen[at] ? 1 : 0;
      count -= at >= frame && unseen[at - frame] ? 1 : 0;
      inFrame[at] = count;
    }
    return inFrame;
  }

  private List<Integer> window(int[] ids, int end) {
    Integer[] window = new Integer[length];
    for (int i = 0; i < length; i++) {
      window[i] = ids[end - length + i];
    }
    return List.of(window);
  }
}
