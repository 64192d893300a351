// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what a device pays for being watched, with the agent as it is shipped. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure what being watched costs, with the agent as it is shipped.",
      "A goal that is missed is a result, not a failure."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything was measured",
      "1:something could not be measured",
      "2:wrong usage"
    })
public final class Bench implements Callable<Integer> {
  private static final List<Line> LINES =
      List.of(
          new TransportLine(),
          new PipelineLine(),
          new FloodLine(),
          new MemoryLine(),
          new LatencyLine(),
          new HttpLine(),
          new JmhLine(),
          new TfliteLine());

  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "LINE",
      description =
          "What to measure: transport, pipeline, flood, memory, latency, http, jmh; all by"
              + " default.")
  List<String> wanted = List.of();

  @Option(names = "--json", description = "Write one JSON object.")
  boolean json;

  @Option(names = "--quick", description = "Short runs: an impression, no result to quote.")
  boolean quick;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "How often each pair is measured, in turn (8; quick: 3).")
  int pairs;

  @Option(names = "--runtime", paramLabel = "JAR", description = "The agent to measure.")
  Path runtime =
      Path.of(System.getProperty("tagwatch.root", "."), "dist/target/executable/runtime.jar");

  Bench() {}

  /** Runs the measurements and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Bench()).addSubcommand(new SwapBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<Line> lines = chosen();
    if (pairs < 0 || pairs > 1000) {
      throw new ParameterException(spec.commandLine(), "--pairs " + pairs + " is not 1 to 1000");
    }
    int repeats = pairs == 0 ? (quick ? 3 : 8) : pairs;
    Report report = new Report(Machine.describe());
    PrintWriter progress = spec.commandLine().getErr();
    try (Lab lab = Lab.open(new Lab.Options(runtime, quick, repeats), progress)) {
      lines.forEach(line -> measure(line, lab, report));
    }
    spec.commandLine().getOut().println(json ? report.json() : report.text());
    return report.complete() ? 0 : 1;
  }

  private static void measure(Line line, Lab lab, Report report) {
    lab.begin(line.name());
    try {
      line.measure(lab, report);
    } catch (IOException | RuntimeException e) {
      lab.say("could not be measured: %s", e.getMessage());
      report.failed(line.name(), String.valueOf(e.getMessage()));
    }
  }

  private List<Line> chosen() {
    List<String> known = LINES.stream().map(Line::name).toList();
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(), "there is no line '" + name + "'; there are " + known);
      }
    }
    return wanted.isEmpty()
        ? LINES
        : LINES.stream().filter(line -> wanted.contains(line.name())).toList();
  }
}
