// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code model}: models that were not learned here. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Bring in models from elsewhere.",
    subcommands = ModelCommand.Import.class,
    synopsisSubcommandLabel = "import",
    footerHeading = "%nExample:%n",
    footer = "  ./tagwatch model import --ini config-13107.ini --model model-13107.tflite")
final class ModelCommand {
  private ModelCommand() {}

  /**
   * The result.
   *
   * @param tag the tag
   * @param version of the model
   * @param path the folder that was written
   */
  record Answer(int tag, String version, String path) {}

  /** {@code model import}: a published pair becomes a model of the agent. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = {
        "Make a model of parameters and a network as published in 2020.",
        "Hook ids become names of the vocabulary exein-2020; scores are diluted at the start, as",
        "in 2020. A running agent sees the model at once."
      })
  static final class Import implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin JsonOption json;
    @Mixin HomeOption home;

    @Option(names = "--ini", paramLabel = "FILE", required = true, description = "The parameters.")
    Path ini;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "The network.")
    Path model;

    @Option(
        names = "--models",
        paramLabel = "DIR",
        description = "The models folder to write to (default: that of the agent).")
    Path models;

    @Option(
        names = "--xnnpack",
        description =
            "Let the agent use the XNNPACK kernels, which are not the same to the last bit.")
    boolean xnnpack;

    @Override
    public Integer call() throws IOException, Failure {
      PublishedParameters parameters = PublishedParameters.read(ini);
      NetworkFile network = NetworkFile.read(model, parameters, xnnpack);
      // what the agent would refuse does not become a model at all
      network.open().close();
      Answer answer = new ImportedModel(parameters, network, ini).write(folder());
      PrintWriter out = spec.commandLine().getOut();
      if (json.wanted()) {
        json.print(out, answer);
      } else {
        out.printf("%s for tag %d: %s%n", answer.version(), answer.tag(), answer.path());
        out.flush();
      }
      return ExitCode.OK;
    }

    private Path folder() {
      return models == null ? home.path().resolve("models") : models;
    }
  }
}
