// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The host's command line: tags, recordings, models, and the way to an agent. */
@Command(
    name = "tagwatch",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Run-time anomaly detection on Linux devices.",
    subcommands = {
      DemoCommand.class,
      DoctorCommand.class,
      TagCommand.class,
      RecordCommand.class,
      LearnCommand.class,
      EvaluateCommand.class,
      ReplayCommand.class,
      ReportCommand.class,
      RecordingCommand.class,
      ModelCommand.class,
      ScoreCommand.class,
      FuzzCommand.class,
      RunCommand.class,
      StopCommand.class,
      ShellCommand.class,
      UnloadCommand.class,
      CommandLine.HelpCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage",
      "3:something that is needed is missing here"
    })
public final class Tagwatch {
  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show where an error comes from, too.")
  boolean debug;

  Tagwatch() {}

  /** The whole command line, those commands included that a running agent answers. */
  static CommandLine commandLine() {
    Tagwatch tagwatch = new Tagwatch();
    CommandLine commandLine = new CommandLine(tagwatch);
    for (AgentCommand.Question question : AgentCommand.Question.values()) {
      commandLine.addSubcommand(question.label(), AgentCommand.spec(question));
    }
    // Enumerations are written in lower case everywhere else, too.
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Failure::explainUsage)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> Failure.explain(failure, line, tagwatch.debug));
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
