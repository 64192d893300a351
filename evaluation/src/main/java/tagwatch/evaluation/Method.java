// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tagwatch.recording.TraceFile.Trace;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;

/** A way to learn what is normal, which gives one or more numbers for a trace. */
interface Method {
  /** Set of calls that training showed. */
  String UNSEEN_CALLS = "unseen-calls";

  /** Set of windows that training showed. */
  String STIDE = "stide-6";

  /** Distance to the nearest set of calls. */
  String REPERTOIRE = "repertoire";

  /** What was learned. */
  interface Gauge extends AutoCloseable {
    /** The numbers of a trace, in the order of {@link Method#names}; higher is less normal. */
    double[] of(Trace trace);

    @Override
    default void close() {}
  }

  List<String> names();

  Gauge learn(List<Trace> traces, LearningProgress progress) throws ModelException;

  /** The statistics of an engine's surprises, named after the engine. */
  static Method of(Engine engine, int rolling) {
    return new Method() {
      @Override
      public List<String> names() {
        return Stream.of(Statistic.values())
            .map(statistic -> name(engine.format(), statistic))
            .toList();
      }

      @Override
      public Gauge learn(List<Trace> traces, LearningProgress progress) throws ModelException {
        return new Surprises(Fit.of(engine, traces, progress), rolling);
      }
    };
  }

  static String name(String format, Statistic statistic) {
    return format + "-" + statistic.label();
  }

  /** What needs no engine: the baselines, and the sets of calls that occur together. */
  static Method sets() {
    return new Method() {
      @Override
      public List<String> names() {
        return List.of(REPERTOIRE, UNSEEN_CALLS, STIDE);
      }

      @Override
      public Gauge learn(List<Trace> traces, LearningProgress progress) {
        Repertoire repertoire = Repertoire.of(traces);
        Stide calls = new Stide(1, traces);
        Stide windows = new Stide(6, traces);
        return trace ->
            new double[] {repertoire.distance(trace), calls.unseen(trace), windows.unseen(trace)};
      }
    };
  }

  /**
   * The statistics of what an engine finds surprising.
   *
   * @param rolling events of the rolling mean
   */
  record Surprises(Fit fit, int rolling) implements Gauge {
    @Override
    public double[] of(Trace trace) {
      float[] surprises = fit.surprises(trace);
      return Arrays.stream(Statistic.values())
          .mapToDouble(statistic -> statistic.of(surprises, rolling))
          .toArray();
    }

    @Override
    public void close() {
      fit.close();
    }
  }
}
