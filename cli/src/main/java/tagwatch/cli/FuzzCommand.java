// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fuzz}: hostile input, on purpose. */
@Command(
    name = "fuzz",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Feed hostile input to a part that must not fall.",
    subcommands = FuzzCommand.Network.class,
    synopsisSubcommandLabel = "model",
    footerHeading = "%nExample:%n",
    footer = "  ./tagwatch fuzz model --seed 1 --count 20000 --base model-13107.tflite --xnnpack")
final class FuzzCommand {
  private FuzzCommand() {}

  /** {@code fuzz model}: mutants of a network. */
  @Command(
      name = "model",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = {
        "Change a network in a few places that mean something, open it as an agent would, and run",
        "it if the guard lets it pass; again and again, in processes of their own. Exit code 1 if",
        "one of them fell."
      })
  static final class Network implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin JsonOption json;

    @Option(
        names = "--seed",
        paramLabel = "N",
        defaultValue = "1",
        description = "The same seed gives the same mutants (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
        names = "--count",
        paramLabel = "N",
        defaultValue = "20000",
        description = "How many mutants (default: ${DEFAULT-VALUE}).")
    long count;

    @Option(names = "--base", paramLabel = "FILE", required = true, description = "A good network.")
    Path base;

    @Option(names = "--xnnpack", description = "Run each mutant with the XNNPACK kernels, too.")
    boolean xnnpack;

    @Override
    public Integer call() throws IOException, InterruptedException, Failure {
      check();
      FuzzCampaign.Answer answer;
      try (ProgressBar bar = new ProgressBar(spec.commandLine().getErr())) {
        answer = new FuzzCampaign(base, seed, count, xnnpack, bar).run();
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json.wanted()) {
        json.print(out, answer);
      } else {
        print(out, answer);
      }
      return answer.crashes() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private void check() throws IOException, Failure {
      if (count < 1) {
        throw new Failure(ExitCode.USAGE, "--count is " + count + ", allowed is 1 or more");
      }
      try {
        if (new Mutation(Files.readAllBytes(base)).input().length != 0) {
          return;
        }
      } catch (IndexOutOfBoundsException e) {
        throw new Failure(ExitCode.FAILED, base + ": is no good TensorFlow Lite file", e);
      }
      throw new Failure(ExitCode.FAILED, base + ": its input is not [1, window, classes]");
    }

    private static void print(PrintWriter out, FuzzCampaign.Answer answer) {
      out.printf("seed %d, %d mutants of %s%n", answer.seed(), answer.count(), answer.base());
      out.printf("  %-14s %d%n", "crashes", answer.crashes());
      answer.crashed().forEach(it -> out.printf("    mutant %d: %s%n", it.mutant(), it.how()));
      out.printf("  %-14s %d%n", "accepted", answer.accepted());
      answer.refused().forEach((reason, times) -> out.printf("  %-14s %d%n", reason, times));
      out.flush();
    }
  }
}
