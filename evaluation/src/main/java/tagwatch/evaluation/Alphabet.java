// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Arrays;
import java.util.Collection;
import tagwatch.recording.TraceFile.Trace;

/** The ids that training showed, as the classes of a model; the last class is for all others. */
final class Alphabet {
  private final int[] ids;

  private Alphabet(int[] ids) {
    this.ids = ids;
  }

  static Alphabet of(Collection<Trace> traces) {
    int[] ids =
        traces.stream().flatMapToInt(trace -> Arrays.stream(trace.ids())).distinct().toArray();
    Arrays.sort(ids);
    return new Alphabet(ids);
  }

  int classes() {
    return ids.length + 1;
  }

  short[] classes(Trace trace) {
    short[] classes = new short[trace.ids().length];
    for (int i = 0; i < classes.length; i++) {
      int found = Arrays.binarySearch(ids, trace.ids()[i]);
      classes[i] = (short) (found < 0 ? ids.length : found);
    }
    return classes;
  }
}
