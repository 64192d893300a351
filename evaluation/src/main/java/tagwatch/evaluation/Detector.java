// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tagwatch.recording.TraceFile.Trace;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;

/**
 * Learned and calibrated methods. Nothing but the training traces decides about any of them: each
 * block is scored by what was learned from the other blocks, and thresholds and p-values come from
 * there.
 *
 * <p>Besides the numbers of the methods themselves it gives, for each engine and for all of them
 * together, how unlikely the mean surprise and the repertoire are at once: the sum of the
 * logarithms of their p-values (Fisher, Statistical Methods for Research Workers, 1925).
 */
final class Detector implements AutoCloseable {
  private final List<String> names = new ArrayList<>();
  private final List<Method.Gauge> gauges = new ArrayList<>();
  private final List<int[]> joined = new ArrayList<>();
  private final List<Calibration> calibrations = new ArrayList<>();
  private final int simple;

  private Detector(
      List<Engine> engines,
      List<Method> methods,
      List<Trace> training,
      int blockCount,
      LearningProgress progress)
      throws ModelException {
    methods.forEach(method -> names.addAll(method.names()));
    simple = names.size();
    Blocks blocks = new Blocks(training, blockCount);
    double[][] heldOut = new double[simple][training.size()];
    int steps = methods.size() * (blocks.count() + 1);
    int done = 0;
    int at = 0;
    for (Method method : methods) {
      for (int block = 0; block < blocks.count(); block++) {
        progress.report("leaving out blocks", (double) done++ / steps);
        leaveOut(method, training, blocks, block, heldOut, at);
      }
      progress.report("learning", (double) done++ / steps);
      gauges.add(method.learn(training, (step, share) -> {}));
      at += method.names().size();
    }
    for (double[] values : heldOut) {
      calibrations.add(new Calibration(values, blocks));
    }
    join(engines);
    for (int[] parts : joined) {
      double[] values =
          IntStream.range(0, training.size())
              .mapToDouble(i -> rarity(parts, part -> heldOut[part][i]))
              .toArray();
      calibrations.add(new Calibration(values, blocks));
    }
  }

  private static void leaveOut(
      Method method,
      List<Trace> training,
      Blocks blocks,
      int block,
      double[][] heldOut,
      int firstName)
      throws ModelException {
    try (Method.Gauge gauge = method.learn(blocks.without(block), (step, share) -> {})) {
      for (int i = 0; i < training.size(); i++) {
        if (blocks.blockOf(i) == block) {
          double[] values = gauge.of(training.get(i));
          for (int k = 0; k < values.length; k++) {
            heldOut[firstName + k][i] = values[k];
          }
        }
      }
    }
  }

  /** Learns from the training traces, and from all blocks but one, for each block. */
  static Detector learn(
      List<Engine> engines,
      List<Trace> training,
      int rolling,
      int blocks,
      LearningProgress progress)
      throws ModelException {
    List<Method> methods = new ArrayList<>();
    engines.forEach(engine -> methods.add(Method.of(engine, rolling)));
    methods.add(Method.sets());
    return new Detector(engines, methods, training, blocks, progress);
  }

  private void join(List<Engine> engines) {
    int repertoire = names.indexOf(Method.REPERTOIRE);
    int[] all = new int[engines.size() + 1];
    for (int i = 0; i < engines.size(); i++) {
      String format = engines.get(i).format();
      all[i] = names.indexOf(Method.name(format, Statistic.MEAN));
      names.add(format + "+" + Method.REPERTOIRE);
      joined.add(new int[] {all[i], repertoire});
    }
    all[engines.size()] = repertoire;
    if (engines.size() > 1) {
      names.add(
          String.join("+", engines.stream().map(Engine::format).toList())
              + "+"
              + Method.REPERTOIRE);
      joined.add(all);
    }
  }

  private interface Values {
    double of(int part);
  }

  /**
   * The engines on average, then the repertoire. Engines ask the same question and agree mostly:
   * summed up they would count it twice and drown the other one.
   */
  private double rarity(int[] parts, Values values) {
    int engines = parts.length - 1;
    double surprise =
        IntStream.range(0, engines).mapToDouble(i -> rarity(parts[i], values)).sum() / engines;
    return surprise + rarity(parts[engines], values);
  }

  private double rarity(int part, Values values) {
    return calibrations.get(part).rarity(values.of(part));
  }

  /** What is measured of a trace; the last one joins all engines and the repertoire. */
  List<String> names() {
    return names;
  }

  Calibration calibration(int name) {
    return calibrations.get(name);
  }

  /** The values of a trace, in the order of the names. */
  double[] values(Trace trace) {
    double[] values = new double[names.size()];
    int at = 0;
    for (Method.Gauge gauge : gauges) {
      double[] some = gauge.of(trace);
      System.arraycopy(some, 0, values, at, some.length);
      at += some.length;
    }
    for (int[] parts : joined) {
      values[at++] = rarity(parts, part -> values[part]);
    }
    return values;
  }

  @Override
  public void close() {
    gauges.forEach(Method.Gauge::close);
  }
}
