// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tagwatch.recording.RecordingReader;

/** {@code learn}: a model from recordings, without an agent. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Learn a model from recordings and put it into a models folder.",
      "Says which process sets the threshold and whether the recordings are saturated."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch learn server.twr --tag 13107",
      "  ./tagwatch learn a.twr b.twr --order 6 --threshold quantile:0.99",
      "  ./tagwatch learn server.twr --engine tflite --option seed=7 --option weights=int8",
      "  ./tagwatch learn traces.tsv.gz --engine tflite --models build/models",
      "  ./tagwatch learn server.twr --models build/models --json"
    })
final class LearnCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin HomeOption home;
  @Mixin JsonOption json;

  @Parameters(
      arity = "1..*",
      paramLabel = "RECORDING",
      description = "Files to learn from; also traces and the 2020 collector's CSV.")
  List<Path> recordings;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      converter = Tag.class,
      description = "Whose tasks are learned (default: the only tag of the recordings).")
  Integer tag;

  @Option(
      names = "--engine",
      paramLabel = "FORMAT",
      defaultValue = "markov",
      description = "Format of the model: markov or tflite (default: ${DEFAULT-VALUE}).")
  String engine;

  @Option(names = "--order", paramLabel = "N", description = "The same as --option order=N.")
  Integer order;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = {
        "Option for the learner; may be repeated.",
        "markov: order, smoothing. tflite: window, width, epochs, patience, batch, rate, seed,"
            + " weights (float or int8), resume."
      })
  Map<String, String> options = Map.of();

  @Option(
      names = "--rolling",
      paramLabel = "N",
      description = "Events that the anomaly score is the mean of, 1 to 127.")
  Integer rolling;

  @Option(
      names = "--threshold",
      paramLabel = "RULE",
      description = "max:FACTOR (of the highest training score) or quantile:Q (of held-out ones).")
  String threshold;

  @Option(
      names = "--features",
      paramLabel = "NAME",
      split = ",",
      description = "Features that tell events of one hook apart (default: none).")
  List<String> features = List.of();

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "Where the model's folder is made (default: models in the agent's home).")
  Path models;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Judge the model afterwards and write a report, one HTML file.")
  Path report;

  @Mixin JudgingOptions judging;

  @Override
  public Integer call() throws Exception {
    if (report == null && judging.given()) {
      throw new Failure(
          ExitCode.USAGE, "--normal, --attack and --compare are for a report; add --report FILE");
    }
    for (Path recording : recordings) {
      if (!Files.isReadable(recording)) {
        throw new Failure(
            ExitCode.FAILED, recording + ": cannot be read; look at the path and its permissions");
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (ImportedRecordings own = ImportedRecordings.of(recordings, tag)) {
      int exit = OneShot.pass(line(own.files()), Tree.learner(engine), out, err);
      if (exit == ExitCode.OK && report != null) {
        // The model that was just written is the newest.
        ModelFolder learned =
            ModelFolder.find(folder(), tag == null ? onlyTag(own.files()) : tag, null);
        // With --json standard output has the learner's answer and nothing else.
        judging.report(learned.path(), own.files(), report, json.wanted() ? err : out, err);
      }
      return exit;
    }
  }

  GogoLine line(List<Path> own) throws IOException, Failure {
    Map<String, String> all = new TreeMap<>(options);
    if (order != null) {
      all.put("order", order.toString());
    }
    GogoLine line =
        new GogoLine("learn")
            .option("--tag", tag == null ? onlyTag(own) : tag)
            .option("--engine", engine);
    all.forEach((key, value) -> line.option("--option", key + "=" + value));
    return line.option("--rolling", rolling)
        .option("--threshold", threshold)
        .option("--features", features.isEmpty() ? null : String.join(",", features))
        .option("--models", folder())
        .flag("--json", json.wanted())
        .words(own.stream().map(Path::toAbsolutePath).toList());
  }

  private Path folder() throws Failure, IOException {
    if (models != null) {
      return models.toAbsolutePath();
    }
    return Agents.home(home.path()).create().models();
  }

  private static int onlyTag(List<Path> own) throws IOException, Failure {
    Set<Integer> tags = new TreeSet<>();
    for (Path recording : own) {
      try (RecordingReader reader = RecordingReader.open(recording)) {
        tags.addAll(reader.summary().tags());
      }
    }
    if (tags.size() != 1) {
      throw new Failure(
          ExitCode.USAGE, "the recordings hold the tags " + tags + "; choose one with --tag");
    }
    return tags.iterator().next();
  }
}
