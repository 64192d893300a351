// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Swaps of all kinds in agents as they are shipped, under load. */
@Command(
    name = "swap",
    mixinStandardHelpOptions = true,
    description = {
      "Swap scorers, models, policies and transports under load: what is lost, scored twice,",
      "late, or left behind; and whether an attack slips through.",
      "What is found is a result, not a failure."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything was measured",
      "1:something could not be measured",
      "2:wrong usage"
    })
final class SwapBench implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(names = "--json", description = "Write one JSON object.")
  boolean json;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long each load lasts at least (60).")
  int seconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "500000",
      description = "Events a second of the replay (500000).")
  int rate;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Instead of the loads: kill the agent at so many random moments of swaps, and look what"
              + " runs after each restart.")
  int kills;

  @Option(names = "--runtime", paramLabel = "JAR", description = "The agent to measure.")
  Path runtime = root().resolve("dist/target/executable/runtime.jar");

  private static Path root() {
    return Path.of(System.getProperty("tagwatch.root", "."));
  }

  @Override
  public Integer call() throws IOException {
    within("--seconds", seconds, 1, 86_400);
    within("--rate", rate, 1_000, 10_000_000);
    within("--kills", kills, 0, 10_000);
    PrintWriter progress = spec.commandLine().getErr();
    try (Lab lab = Lab.open(new Lab.Options(runtime, false, 1), progress)) {
      lab.begin("swap");
      if (kills > 0) {
        return killed(lab);
      }
      SwapFigures figures = new SwapFigures();
      int missing = 0;
      missing += measure(lab, "replay", () -> figures.add(SwapLoads.replay(lab, rate, seconds)));
      missing +=
          measure(lab, "network", () -> figures.add(SwapLoads.network(lab, root(), seconds)));
      missing += measure(lab, "kernel", () -> figures.add(SwapLoads.kernel(lab, seconds)));
      Path recordings = root().resolve("demo/recordings");
      missing += measure(lab, "attack", () -> figures.cut(SwapLoads.straddle(lab, recordings)));
      print(json ? figures.json() : null, figures.text());
      return missing == 0 ? 0 : 1;
    }
  }

  private int killed(Lab lab) throws IOException {
    KilledAgents.Result result =
        new KilledAgents(lab, root().resolve("demo/recordings")).kill(kills);
    print(json ? result.json() : null, result.text());
    return result.mixtures().isEmpty() ? 0 : 1;
  }

  private void print(JsonObject object, String text) {
    spec.commandLine()
        .getOut()
        .println(
            object == null
                ? text
                : new GsonBuilder().disableHtmlEscaping().create().toJson(object));
  }

  private interface Part {
    void run() throws IOException;
  }

  private static int measure(Lab lab, String name, Part part) {
    lab.begin("swap " + name);
    try {
      part.run();
      return 0;
    } catch (IOException | RuntimeException e) {
      lab.say("could not be measured: %s", e.getMessage());
      return 1;
    }
  }

  private void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + " " + value + " is not " + least + " to " + most);
    }
  }
}
