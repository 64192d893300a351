// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tagwatch.report.TrainingReport;

/** {@code report}: is this model ready to enforce? */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Judge a model by recordings and write a report: one HTML file that needs no network.",
      "Says whether the model is ready to enforce, and what is missing in the recordings."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch report --model models/13107/markov-2d61e5731c16 --normal later.twr \\",
      "      --attack attack.twr --out report.html",
      "  ./tagwatch report --model cnn --compare markov --normal later.twr --out report.html --json"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin JsonOption json;
  @Mixin JudgingOptions judging;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the model: the one that holds its manifest.json.")
  Path model;

  @Option(
      names = "--training",
      paramLabel = "FILE",
      description =
          "Recording that the model was trained on: shows what sets the threshold; may be"
              + " repeated.")
  List<Path> training = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description = "The page to write (default: ${DEFAULT-VALUE}).")
  Path out;

  @Override
  public Integer call() throws Exception {
    PrintWriter standard = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (!json.wanted()) {
      judging.report(model, training, out, standard, err);
      return ExitCode.OK;
    }
    TrainingReport report = judging.judge(model, training, err);
    JudgingOptions.write(report, out);
    standard.println(report.json());
    standard.flush();
    return ExitCode.OK;
  }
}
