// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import java.util.Random;
import tagwatch.scorer.Corpus;

/** Sequences with structure, the same in each run: each class mostly follows some other one. */
final class SampleCorpus implements Corpus {
  private static final int CLASSES = 24;
  private static final int LENGTH = 120;
  private static final int SURPRISES = 20;

  private final short[][] sequences;

  SampleCorpus(int count) {
    Random random = new Random(CLASSES);
    sequences = new short[count][LENGTH];
    for (short[] sequence : sequences) {
      int state = random.nextInt(CLASSES);
      for (int i = 0; i < LENGTH; i++) {
        sequence[i] = (short) state;
        state =
            random.nextInt(SURPRISES) == 0 ? random.nextInt(CLASSES) : (state * 5 + 7) % CLASSES;
      }
    }
  }

  @Override
  public int classes() {
    return CLASSES;
  }

  @Override
  public int sequences() {
    return sequences.length;
  }

  @Override
  public short[] sequence(int index) {
    return sequences[index];
  }

  @Override
  public int from(int index) {
    return 0;
  }

  @Override
  public boolean heldOut(int index) {
    return index % 10 == 9;
  }
}
