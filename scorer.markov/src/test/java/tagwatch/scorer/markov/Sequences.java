// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.markov;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import tagwatch.scorer.Corpus;

/** A corpus in memory. */
record Sequences(int classes, List<short[]> events, List<Integer> starts) implements Corpus {

  /** One sequence of which everything is learned. */
  static Sequences of(int classes, int... events) {
    return learnedFrom(0, classes, events);
  }

  /** One sequence with inherited context. */
  static Sequences learnedFrom(int from, int classes, int... events) {
    short[] sequence = new short[events.length];
    for (int i = 0; i < events.length; i++) {
      sequence[i] = (short) events[i];
    }
    return new Sequences(classes, List.of(sequence), List.of(from));
  }

  /** Loops with exceptions, like a program; the last class never occurs. */
  static Sequences random(long seed, int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    short[] loop = new short[12];
    for (int i = 0; i < loop.length; i++) {
      loop[i] = (short) random.nextInt(classes - 1);
    }
    List<short[]> events = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    for (int count = random.nextInt(2, 12); count > 0; count--) {
      short[] sequence = new short[random.nextInt(1, 120)];
      for (int i = 0; i < sequence.length; i++) {
        boolean strays = random.nextInt(5) == 0;
        sequence[i] = strays ? (short) random.nextInt(classes - 1) : loop[i % loop.length];
      }
      events.add(sequence);
      starts.add(random.nextBoolean() ? 0 : random.nextInt(sequence.length + 1));
    }
    short[] chance = new short[60];
    for (int i = 0; i < chance.length; i++) {
      chance[i] = (short) random.nextInt(classes - 1);
    }
    events.add(chance);
    starts.add(0);
    return new Sequences(classes, events, starts);
  }

  Sequences reversed() {
    List<short[]> reversedEvents = new ArrayList<>(events);
    Collections.reverse(reversedEvents);
    List<Integer> reversedStarts = new ArrayList<>(starts);
    Collections.reverse(reversedStarts);
    return new Sequences(classes, reversedEvents, reversedStarts);
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
    return false;
  }
}
