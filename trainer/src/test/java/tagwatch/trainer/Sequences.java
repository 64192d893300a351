// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tagwatch.scorer.Corpus;

/** A corpus in memory. */
record Sequences(int classes, List<short[]> events, List<Integer> starts, List<Boolean> apart)
    implements Corpus {
  private static final int[] LOOP = {0, 1, 2, 3, 1, 4, 2, 0, 3, 3, 4};

  static Sequences empty(int classes) {
    return new Sequences(classes, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  Sequences with(boolean heldOut, int from, int... sequence) {
    short[] shorts = new short[sequence.length];
    for (int i = 0; i < shorts.length; i++) {
      shorts[i] = (short) sequence[i];
    }
    events.add(shorts);
    starts.add(from);
    apart.add(heldOut);
    return this;
  }

  /** Processes that go round a loop and stray now and then; each fifth is held out. */
  static Sequences server(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Sequences server = empty(6);
    for (int process = 0; process < 10; process++) {
      int[] sequence = new int[150];
      for (int i = 0; i < sequence.length; i++) {
        sequence[i] = random.nextInt(40) == 0 ? random.nextInt(5) : LOOP[i % LOOP.length];
      }
      server.with(process % 5 == 4, 0, sequence);
    }
    return server;
  }

  @Override
  public int sequences() {
    return events.size();
  }

  @Override
  public short[] sequence(int index) {
    return events.get(index);
  }

  @Override
  public int from(int index) {
    return starts.get(index);
  }

  @Override
  public boolean heldOut(int index) {
    return apart.get(index);
  }
}
