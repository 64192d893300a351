// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tagwatch.agent.AgentClient;

/** {@code shell}: the agent's own shell, on this terminal or for one command. */
@Command(
    name = "shell",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Talk to a running agent; only root can.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage",
      "3:no agent runs there",
      " :other codes are those of the command"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch shell",
      "  ./tagwatch shell -c 'tagwatch:gate 13107 enforce'",
      "  ./tagwatch shell -c 'lb'"
    })
final class ShellCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin HomeOption home;

  @Option(
      names = {"-c", "--command"},
      paramLabel = "COMMAND",
      description = "Execute one Gogo command line and end with its exit code.")
  String command;

  @Override
  public Integer call() throws Exception {
    try (AgentClient agent = Agents.connect(home.path())) {
      if (command != null) {
        return Agents.execute(
            agent, command, spec.commandLine().getOut(), spec.commandLine().getErr());
      }
      attach(agent);
      return ExitCode.OK;
    }
  }

  // Not closed: the descriptors belong to the process, and other writers share them.
  @SuppressWarnings("resource")
  private static void attach(AgentClient agent) throws IOException, Failure {
    try (Terminal terminal = terminal()) {
      int columns = terminal.columns();
      int rows = terminal.rows();
      terminal.raw();
      agent.attach(
          new FileInputStream(FileDescriptor.in),
          new FileOutputStream(FileDescriptor.out),
          Terminal.kind(),
          columns,
          rows);
    }
  }

  private static Terminal terminal() throws Failure {
    try {
      return Terminal.open();
    } catch (IOException e) {
      throw new Failure(ExitCode.USAGE, e.getMessage(), e);
    }
  }
}
