// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import tagwatch.evaluation.Engine;
import tagwatch.evaluation.Evaluation;
import tagwatch.evaluation.EvaluationReport;
import tagwatch.player.Progress;
import tagwatch.scorer.Learner;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.ScorerEngine;

/** Measures the engines that are here on traces. */
@Component(
    service = EvaluateCommands.class,
    immediate = true,
    property = {"osgi.command.scope=tagwatch", "osgi.command.function=evaluate"})
public final class EvaluateCommands {
  private final BundleContext context;

  /** Called by the framework. */
  @Activate
  public EvaluateCommands(BundleContext context) {
    this.context = context;
  }

  /** Evaluates. */
  @Descriptor("learns from normal traces, scores others, and compares if they are labelled")
  public String evaluate(
      CommandSession session,
      @Descriptor("formats of the engines, with +; 'combined' for all that are here")
          @Parameter(names = "--engine", absentValue = "markov")
          String engine,
      @Descriptor("normal traces to learn from") @Parameter(names = "--train", absentValue = "")
          String train,
      @Descriptor("traces to score") @Parameter(names = "--score", absentValue = "") String score,
      @Descriptor("traces known to be normal") @Parameter(names = "--normal", absentValue = "")
          String normal,
      @Descriptor("traces known to be attacks") @Parameter(names = "--attack", absentValue = "")
          String attack,
      @Descriptor("events of the rolling mean") @Parameter(names = "--rolling", absentValue = "127")
          String rolling,
      @Descriptor("false-positive rate to keep")
          @Parameter(names = "--false-positives", absentValue = "0.05")
          String promised,
      @Descriptor("parts of the training left out in turn")
          @Parameter(names = "--blocks", absentValue = "10")
          String blocks,
      @Descriptor("count exact copies, too")
          @Parameter(names = "--keep-copies", presentValue = "true", absentValue = "false")
          boolean keepCopies,
      @Descriptor("--option format:name=value, for a learner") String[] options)
      throws CommandFailure {
    EvaluateOrder order =
        new EvaluateOrder(session.currentDir(), engine, options)
            .files(train, score, normal, attack)
            .numbers(rolling, promised, blocks)
            .keepCopies(keepCopies);
    Progress progress = PacedProgress.of(session);
    try {
      EvaluationReport report = Evaluation.run(engines(order), order.request(), progress::report);
      return Json.text(report);
    } catch (IOException | ModelException | IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  private List<Engine> engines(EvaluateOrder order) throws CommandFailure {
    List<String> here = formats();
    List<Engine> engines = new ArrayList<>();
    for (String format : order.formats(here)) {
      Map<String, String> options = order.options(format);
      engines.add(
          new Engine(
              format,
              service(Learner.class, format, here),
              service(ScorerEngine.class, format, here),
              options));
    }
    return engines;
  }

  private List<String> formats() throws CommandFailure {
    return references(Learner.class, "(" + ScorerEngine.FORMAT + "=*)").stream()
        .map(reference -> String.valueOf(reference.getProperty(ScorerEngine.FORMAT)))
        .distinct()
        .sorted()
        .toList();
  }

  private <T> T service(Class<T> type, String format, List<String> here) throws CommandFailure {
    // The format was typed by a person: only one that is registered goes into a filter.
    if (here.contains(format)) {
      for (ServiceReference<T> reference :
          references(type, "(" + ScorerEngine.FORMAT + "=" + format + ")")) {
        T service = context.getService(reference);
        if (service != null) {
          return service;
        }
      }
    }
    throw new CommandFailure(
        "no " + type.getSimpleName() + " for '" + format + "'; formats that can learn: " + here);
  }

  private <T> List<ServiceReference<T>> references(Class<T> type, String filter)
      throws CommandFailure {
    try {
      return List.copyOf(context.getServiceReferences(type, filter));
    } catch (InvalidSyntaxException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }
}
