// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.policy.Detection;

/**
 * A detection, copied out of its session. What is copied at once are numbers; the hooks get their
 * names when somebody asks, which a policy rarely does: names before the verdict would be time that
 * the process has.
 *
 * <p>The scoring thread has to {@link #named name} it before another thread sees it, because the
 * symbol table belongs to that thread.
 */
final class AnomalyDetection implements Detection {
  private static final int MOST = 5;

  private final Cause cause;
  private final int tag;
  private final TaskStart start;
  private final boolean root;
  private final Executable executable;
  private final float score;
  private final float threshold;
  private final ModelManifest model;
  private final long timestampNs;
  private final SymbolTable names;
  private final short[] symbols;
  private final long[] sequences;
  private final float[] surprises;
  private List<Observation> window;

  /** Copies the session's rolling window up to a position. */
  AnomalyDetection(
      Cause cause,
      int tag,
      Session session,
      long at,
      long timestampNs,
      ScorerBinding by,
      SymbolTable names) {
    this(cause, tag, session, at, session.score, timestampNs, by, names);
  }

  /** The same with the score that the session had at that position. */
  AnomalyDetection(
      Cause cause,
      int tag,
      Session session,
      long at,
      float score,
      long timestampNs,
      ScorerBinding by,
      SymbolTable names) {
    this.cause = cause;
    this.tag = tag;
    this.start = session.start;
    this.root = session.root;
    this.executable = session.executable;
    this.score = score;
    this.threshold = by.threshold;
    this.model = by.model.manifest();
    this.timestampNs = timestampNs;
    this.names = names;
    long from = Math.max(session.oldest(), at + 1 - by.rolling);
    int count = (int) Math.max(0, at + 1 - from);
    symbols = new short[count];
    sequences = new long[count];
    surprises = new float[count];
    for (int i = 0; i < count; i++) {
      symbols[i] = session.symbolAt(from + i);
      sequences[i] = session.sequenceAt(from + i);
      surprises[i] = session.surpriseAt(from + i);
    }
  }

  /** The same, with all names in it: from now on any thread may call. */
  AnomalyDetection named() {
    if (window == null) {
      List<Observation> seen = new ArrayList<>(symbols.length);
      for (int i = 0; i < symbols.length; i++) {
        seen.add(
            new Observation(
                sequences[i], names.name(symbols[i], FeatureSelection.ALL), surprises[i]));
      }
      window = List.copyOf(seen);
    }
    return this;
  }

  @Override
  public Cause cause() {
    return cause;
  }

  @Override
  public TaskKey task() {
    return start.task();
  }

  @Override
  public TaskKey process() {
    return start.process();
  }

  @Override
  public int tag() {
    return tag;
  }

  @Override
  public Executable executable() {
    return executable;
  }

  @Override
  public boolean root() {
    return root;
  }

  @Override
  public float score() {
    return score;
  }

  @Override
  public float threshold() {
    return threshold;
  }

  @Override
  public List<Observation> window() {
    return named().window;
  }

  @Override
  public List<Observation> mostSurprising() {
    return window().stream()
        .filter(seen -> !Float.isNaN(seen.surprise()))
        .sorted(Comparator.comparing(Observation::surprise).reversed())
        .limit(MOST)
        .toList();
  }

  @Override
  public String modelVersion() {
    return model.version();
  }

  @Override
  public long timestampNs() {
    return timestampNs;
  }
}
