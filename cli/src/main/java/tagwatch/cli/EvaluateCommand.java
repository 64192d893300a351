// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how well an engine tells attacks from normal traces. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Learn from normal traces, score others, and compare if it is known what they are.",
      "A file of traces has a line for each: name, tab, ids with spaces; plain or gzip. Thresholds"
          + " come from parts of the training that were left out, never from what is scored."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch evaluate --train normal.tsv.gz --score new.tsv.gz --json",
      "  ./tagwatch evaluate --train normal.tsv.gz --normal later.tsv.gz --attack attacks.tsv.gz"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin JsonOption json;

  @Option(
      names = "--engine",
      paramLabel = "FORMAT",
      defaultValue = "markov",
      description =
          "Engine, several with +, or combined for all that can learn (default: ${DEFAULT-VALUE}).")
  String engine;

  @Option(
      names = "--option",
      paramLabel = "FORMAT:KEY=VALUE",
      description = "Option for a learner, e.g. markov:order=8; may be repeated.")
  List<String> options = List.of();

  @Option(
      names = "--train",
      required = true,
      paramLabel = "FILE",
      description = "Normal traces to learn from.")
  Path train;

  @Option(names = "--score", paramLabel = "FILE", description = "Traces to score, a line for each.")
  Path score;

  @Option(names = "--normal", paramLabel = "FILE", description = "Traces known to be normal.")
  Path normal;

  @Option(names = "--attack", paramLabel = "FILE", description = "Traces known to be attacks.")
  Path attack;

  @Option(
      names = "--rolling",
      paramLabel = "N",
      description = "Events of the rolling mean behind max_online (default: 127).")
  Integer rolling;

  @Option(
      names = "--false-positives",
      paramLabel = "RATE",
      description = "Rate that no left-out part of the training exceeds (default: 0.05).")
  Double falsePositives;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = "Parts of the training that are left out in turn (default: 10).")
  Integer blocks;

  @Option(
      names = "--keep-copies",
      description = "Let exact copies of traces count, which are left out else.")
  boolean keepCopies;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "ROC curve, .svg or .png; needs --normal and --attack.")
  Path plot;

  @Override
  public Integer call() throws Exception {
    check();
    PrintWriter out = spec.commandLine().getOut();
    OneShot.Result result = OneShot.run(line(), frame(), spec.commandLine().getErr());
    if (result.exitCode() != ExitCode.OK) {
      throw new Failure(result.exitCode(), result.reason());
    }
    JsonObject report = JsonParser.parseString(result.output()).getAsJsonObject();
    EvaluationAnswer answer = new EvaluationAnswer(report);
    if (json.wanted()) {
      answer.lines().forEach(line -> json.print(out, line));
    } else {
      out.print(answer.text());
      out.flush();
    }
    if (plot != null) {
      RocPlot.write(answer.methods().get(0), curve(report), plot);
    }
    return ExitCode.OK;
  }

  /** A network is learned where there is PyTorch. */
  private Tree.Frame frame() throws Failure {
    boolean network =
        engine.equals("combined") || List.of(engine.split("\\+", -1)).contains("tflite");
    return Tree.learner(network ? "tflite" : engine);
  }

  private void check() throws Failure {
    for (Path file : files()) {
      if (!Files.isReadable(file)) {
        throw new Failure(
            ExitCode.FAILED, file + ": cannot be read; look at the path and its permissions");
      }
    }
    if ((normal == null) != (attack == null)) {
      throw new Failure(ExitCode.USAGE, "--normal and --attack belong together; give both");
    }
    if (score == null && normal == null) {
      throw new Failure(ExitCode.USAGE, "nothing to score; give --score, or --normal and --attack");
    }
    if (plot != null && normal == null) {
      throw new Failure(ExitCode.USAGE, "--plot needs --normal and --attack");
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(train));
    for (Path file : new Path[] {score, normal, attack}) {
      if (file != null) {
        files.add(file);
      }
    }
    return files;
  }

  GogoLine line() {
    GogoLine line =
        new GogoLine("evaluate")
            .option("--engine", engine)
            .option("--train", train.toAbsolutePath())
            .option("--score", absolute(score))
            .option("--normal", absolute(normal))
            .option("--attack", absolute(attack))
            .option("--rolling", rolling)
            .option("--false-positives", falsePositives)
            .option("--blocks", blocks)
            .flag("--keep-copies", keepCopies);
    options.forEach(option -> line.option("--option", option));
    return line;
  }

  private static Path absolute(Path file) {
    return file == null ? null : file.toAbsolutePath();
  }

  private static List<double[]> curve(JsonObject report) throws IOException {
    List<double[]> points = new ArrayList<>();
    for (JsonElement point : report.getAsJsonObject("comparison").getAsJsonArray("curve")) {
      points.add(
          new double[] {
            point.getAsJsonArray().get(0).getAsDouble(), point.getAsJsonArray().get(1).getAsDouble()
          });
    }
    return points;
  }
}
