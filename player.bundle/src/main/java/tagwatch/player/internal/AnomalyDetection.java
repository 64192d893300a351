// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tagwatch.event.Executable;
import tagwatch.event.TaskKey;
import tagwatch.policy.Detection;

/** A detection, copied out of its session. */
record AnomalyDetection(
    Cause cause,
    TaskKey task,
    TaskKey process,
    int tag,
    Executable executable,
    boolean root,
    float score,
    float threshold,
    List<Observation> window,
    String modelVersion,
    long timestampNs)
    implements Detection {

  private static final int MOST = 5;

  AnomalyDetection {
    window = List.copyOf(window);
  }

  @Override
  public List<Observation> mostSurprising() {
    return window.stream()
        .filter(seen -> !Float.isNaN(seen.surprise()))
        .sorted(Comparator.comparing(Observation::surprise).reversed())
        .limit(MOST)
        .toList();
  }

  /** Copies the session's rolling window up to a position. */
  static AnomalyDetection of(
      Cause cause, int tag, Session session, long at, ScorerBinding by, SymbolTable symbols) {
    List<Observation> window = new ArrayList<>();
    long from = Math.max(session.oldest(), at + 1 - by.rolling);
    for (long p = from; p <= at; p++) {
      window.add(
          new Observation(
              session.sequenceAt(p),
              symbols.name(session.symbolAt(p), FeatureSelection.ALL),
              session.surpriseAt(p)));
    }
    return new AnomalyDetection(
        cause,
        session.start.task(),
        session.start.process(),
        tag,
        session.executable,
        session.root,
        session.score,
        by.threshold,
        window,
        by.model.manifest().version(),
        session.lastTimeNs);
  }
}
