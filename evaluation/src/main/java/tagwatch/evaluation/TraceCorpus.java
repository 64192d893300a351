// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.List;
import tagwatch.scorer.Corpus;

/** Whole traces to learn from: nothing of them is inherited. */
record TraceCorpus(int classes, List<short[]> traces) implements Corpus {
  @Override
  public int sequences() {
    return traces.size();
  }

  @Override
  public short[] sequence(int index) {
    return traces.get(index);
  }

  @Override
  public int from(int index) {
    return 0;
  }

  /** The last tenth, in a row: what stands beside a trace is too like it to judge by. */
  @Override
  public boolean heldOut(int index) {
    return index >= traces.size() - traces.size() / 10;
  }
}
