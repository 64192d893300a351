// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tagwatch.demo.Demo;
import tagwatch.demo.DemoOptions;
import tagwatch.demo.DemoResult;
import tagwatch.demo.SuiteResult;

/** {@code demo}: the whole way of an event, from the kernel to the kill. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Watch a real web server, learn it, attack it, and see the attack stopped.",
      "Everything stays on this machine: loopback only, in a temporary folder. Where live"
          + " monitoring does not work, the same is shown from a recording."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the attack was stopped, nobody else was disturbed, the accounting adds up",
      "1:it was not so, or the demo could not be shown",
      "2:wrong usage",
      "3:something that is needed is missing here"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch demo",
      "  ./tagwatch demo --json --repeat 20",
      "  ./tagwatch demo --attacks all --json",
      "  ./tagwatch demo --swap --repeat 20",
      "  ./tagwatch demo --serve --port 8080"
    })
final class DemoCommand implements Callable<Integer> {
  private static final String RECORDINGS = "demo/recordings";

  @Mixin JsonOption json;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "How often to attack (default: 1; with --attacks, 20 times each).")
  Integer repeat;

  @Option(
      names = "--serve",
      description = "Leave the protected server running, for traffic and attacks of your own.")
  boolean serve;

  @Option(
      names = "--port",
      paramLabel = "P",
      defaultValue = "0",
      description = "Port of the protected server (default: any that is free).")
  int port;

  @Option(
      names = "--listener",
      paramLabel = "P",
      defaultValue = "4919",
      description =
          "Port that the attacker's reverse shell connects to (default:" + " ${DEFAULT-VALUE}).")
  int listener;

  @Option(
      names = "--training",
      paramLabel = "N",
      description = "Requests to learn the protected server from.")
  Integer training;

  @Option(
      names = "--benign",
      paramLabel = "N",
      description = "Benign requests to test the model with.")
  Integer benign;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all traffic.")
  Long seed;

  @Option(
      names = "--engine",
      paramLabel = "FORMAT",
      description = "Learner and scorer: markov or tflite (default: markov).")
  String engine;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Work in this folder, and leave it there.")
  Path keep;

  @Option(
      names = "--replay",
      description = "Use the recorded run even if live monitoring works here.")
  boolean replay;

  @Option(
      names = "--recordings",
      paramLabel = "DIR",
      description = "Folder of the recorded run (default: the one that comes along).")
  Path recordings;

  @Option(
      names = "--save-recordings",
      paramLabel = "DIR",
      description = "Record this run into a folder.")
  Path saveRecordings;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Picture of the attacked process's score, .svg or .png.")
  Path plot;

  @Option(
      names = "--swap",
      description = "Replace the engine's bundle in the middle of each attack.")
  boolean swap;

  @Option(names = "--quiet", description = "No line for each process.")
  boolean quiet;

  @Option(
      names = "--attacks",
      paramLabel = "NAME",
      split = ",",
      description = "Carry out the attack suite: all, or some of it by name.")
  List<String> attacks = List.of();

  @Option(
      names = "--soak",
      paramLabel = "N",
      defaultValue = "0",
      description = "Send so many benign requests, and count alarms.")
  int soak;

  @Override
  public Integer call() throws Exception {
    if (!attacks.isEmpty() || soak > 0) {
      SuiteResult result = new Demo(options()).runAttacks(json.wanted() ? System.err : System.out);
      return finish(result.toJson(), result.exitCode());
    }
    DemoResult result = new Demo(options()).run(json.wanted() ? System.err : System.out);
    return finish(result.toJson(), result.exitCode());
  }

  private int finish(String result, int exitCode) {
    if (json.wanted()) {
      System.out.println(result);
      System.out.flush();
    }
    return exitCode;
  }

  DemoOptions options() throws Failure {
    DemoOptions.Builder options =
        DemoOptions.with(Tree.runtime())
            .trainer(Tree.demoTrainer(engine))
            .repeat(repeat != null ? repeat : attacks.isEmpty() ? 1 : 20)
            .attacks(attacks)
            .soakRequests(soak)
            .serve(serve)
            .port(port)
            .listenerPort(listener)
            .keep(keep)
            .recordings(recordings == null ? shipped() : recordings)
            .replay(replay)
            .saveRecordings(saveRecordings)
            .plot(plot)
            .swap(swap)
            .quiet(quiet);
    if (training != null) {
      options.trainingRequests(training);
    }
    if (benign != null) {
      options.benignRequests(benign);
    }
    if (seed != null) {
      options.seed(seed);
    }
    if (engine != null) {
      options.engine(engine);
    }
    try {
      return options.build();
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, e.getMessage(), e);
    }
  }

  private static Path shipped() throws Failure {
    Path folder = Tree.root().resolve(RECORDINGS);
    return Files.isDirectory(folder) ? folder : null;
  }
}
