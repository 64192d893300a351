// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tagwatch.recording.TraceFile.Trace;

/**
 * Values of normal and attack traces, sorted once, so that a resampling only needs weights.
 *
 * <p>Traces of one cluster are no independent observations: those of one attack session, or normal
 * ones that were recorded side by side. Resampling single traces would make the intervals too
 * narrow.
 */
final class Labelled {
  /** How many normal traces that stand side by side count as one observation. */
  private static final int SIDE_BY_SIDE = 20;

  private final double[] value;
  private final boolean[] attack;
  private final int[] cluster;
  private final int normalClusters;
  private final int attackClusters;

  Labelled(double[] normal, int[] clusterOfNormal, double[] attacks, int[] clusterOfAttack) {
    int size = normal.length + attacks.length;
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted((a, b) -> Double.compare(at(normal, attacks, b), at(normal, attacks, a)))
            .mapToInt(Integer::intValue)
            .toArray();
    value = new double[size];
    attack = new boolean[size];
    cluster = new int[size];
    for (int i = 0; i < size; i++) {
      int from = order[i];
      attack[i] = from >= normal.length;
      value[i] = at(normal, attacks, from);
      cluster[i] = attack[i] ? clusterOfAttack[from - normal.length] : clusterOfNormal[from];
    }
    normalClusters = 1 + IntStream.of(clusterOfNormal).max().orElse(-1);
    attackClusters = 1 + IntStream.of(clusterOfAttack).max().orElse(-1);
  }

  private static double at(double[] normal, double[] attacks, int index) {
    return index < normal.length ? normal[index] : attacks[index - normal.length];
  }

  /** The part of the name before a slash, as collections name sessions; else neighbours. */
  static int[] clusters(List<Trace> traces) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] clusters = new int[traces.size()];
    for (int i = 0; i < clusters.length; i++) {
      String name = traces.get(i).name();
      int slash = name.lastIndexOf('/');
      String key = slash > 0 ? name.substring(0, slash) : "/" + i / SIDE_BY_SIDE;
      clusters[i] = numbers.computeIfAbsent(key, absent -> numbers.size());
    }
    return clusters;
  }

  int size() {
    return value.length;
  }

  /** In falling order. */
  double value(int index) {
    return value[index];
  }

  boolean attack(int index) {
    return attack[index];
  }

  int cluster(int index) {
    return cluster[index];
  }

  int normalClusters() {
    return normalClusters;
  }

  int attackClusters() {
    return attackClusters;
  }
}
