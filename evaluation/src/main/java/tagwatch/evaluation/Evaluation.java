// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tagwatch.recording.TraceFile;
import tagwatch.recording.TraceFile.Trace;
import tagwatch.scorer.LearningProgress;
import tagwatch.scorer.ModelException;

/** Measures engines on traces. */
public final class Evaluation {
  private Evaluation() {}

  /**
   * Learns, calibrates, scores, and compares if there are labelled traces.
   *
   * @param engines at least one; with several, all of them together are the measured method
   * @throws ModelException if an engine cannot learn from the training
   * @throws IOException if a file cannot be read, or holds no trace
   */
  public static EvaluationReport run(
      List<Engine> engines, EvaluationRequest request, LearningProgress progress)
      throws IOException, ModelException {
    List<Trace> training = read(request.training());
    try (Detector detector =
        Detector.learn(engines, training, request.rolling(), request.blocks(), progress)) {
      return report(engines, request, training, detector, progress);
    }
  }

  private static EvaluationReport report(
      List<Engine> engines,
      EvaluationRequest request,
      List<Trace> training,
      Detector detector,
      LearningProgress progress)
      throws IOException {
    progress.report("scoring", 0.95);
    int main = detector.names().size() - 1;
    int online = detector.names().indexOf(Method.name(engines.get(0).format(), Statistic.ONLINE));
    double threshold = detector.calibration(main).threshold(request.promised());
    double onlineThreshold = detector.calibration(online).threshold(request.promised());
    List<TraceScore> scores = new ArrayList<>();
    if (request.score().isPresent()) {
      for (Trace trace : read(request.score().get())) {
        double[] values = detector.values(trace);
        scores.add(
            new TraceScore(
                trace.name(),
                values[main],
                values[online],
                values[main] > threshold,
                values[online] > onlineThreshold));
      }
    }
    return new EvaluationReport(
        detector.names().get(main),
        training.size(),
        request.promised(),
        request.blocks(),
        detector.calibration(main).exceeding(threshold),
        threshold,
        onlineThreshold,
        request.rolling(),
        scores,
        request.normal().isPresent() ? comparison(detector, training, request) : null);
  }

  private static List<Trace> read(Path file) throws IOException {
    List<Trace> traces = TraceFile.read(file);
    if (traces.isEmpty()) {
      throw new IOException(file + ": no trace in it; wanted are lines 'name<TAB>ids'");
    }
    return traces;
  }

  private static EvaluationReport.Comparison comparison(
      Detector detector, List<Trace> training, EvaluationRequest request) throws IOException {
    List<Trace> allNormal = read(request.normal().orElseThrow());
    List<Trace> allAttack = read(request.attack().orElseThrow());
    List<Trace> normal = request.keepCopies() ? allNormal : Copies.removed(allNormal, training);
    List<Trace> attack = request.keepCopies() ? allAttack : Copies.removed(allAttack, training);
    if (normal.isEmpty() || attack.isEmpty()) {
      throw new IOException(
          "without copies "
              + normal.size()
              + " normal and "
              + attack.size()
              + " attack traces are"
              + " left; use others, or --keep-copies");
    }
    double[][] ofNormal = columns(detector, normal);
    double[][] ofAttack = columns(detector, attack);
    int[] normalClusters = Labelled.clusters(normal);
    int[] attackClusters = Labelled.clusters(attack);
    int main = detector.names().size() - 1;
    double same = share(ofNormal[main], detector.calibration(main).threshold(request.promised()));
    Map<String, Quality> methods = new LinkedHashMap<>();
    List<List<Double>> curve = List.of();
    for (int name = main; name >= 0; name--) {
      Labelled labelled =
          new Labelled(ofNormal[name], normalClusters, ofAttack[name], attackClusters);
      double threshold = detector.calibration(name).threshold(request.promised());
      methods.put(
          detector.names().get(name), Quality.of(labelled, threshold, request.promised(), same));
      if (name == main) {
        int[] once = new int[labelled.size()];
        Arrays.fill(once, 1);
        curve = new Roc(labelled, once).points();
      }
    }
    return new EvaluationReport.Comparison(
        normal.size(),
        attack.size(),
        allNormal.size() - normal.size(),
        allAttack.size() - attack.size(),
        methods,
        curve);
  }

  private static double share(double[] values, double threshold) {
    int above = 0;
    for (double value : values) {
      above += value > threshold ? 1 : 0;
    }
    return (double) above / values.length;
  }

  private static double[][] columns(Detector detector, List<Trace> traces) {
    double[][] columns = new double[detector.names().size()][traces.size()];
    for (int i = 0; i < traces.size(); i++) {
      double[] values = detector.values(traces.get(i));
      for (int name = 0; name < values.length; name++) {
        columns[name][i] = values[name];
      }
    }
    return columns;
  }
}
