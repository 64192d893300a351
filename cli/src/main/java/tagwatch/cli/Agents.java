// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.ShellListener;
import tagwatch.agent.ShellResult;

/** Finds running agents and passes commands to them. */
final class Agents {
  private Agents() {}

  static AgentHome home(Path folder) throws Failure {
    try {
      return new AgentHome(folder);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--home: " + e.getMessage(), e);
    }
  }

  /** A client of the agent that runs there; without one the command cannot be answered. */
  static AgentClient connect(Path folder) throws Failure {
    try {
      return AgentClient.connect(home(folder).socket());
    } catch (AgentException e) {
      throw new Failure(ExitCode.MISSING, e.getMessage(), e);
    }
  }

  /**
   * The agent that runs in that folder, by its command line: a file with its process id could be
   * left from an agent that is gone, and name somebody else's process.
   */
  static Optional<ProcessHandle> process(Path folder) {
    String property = "-Dtagwatch.home=" + folder.toAbsolutePath().normalize();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(
            process ->
                Stream.of(process.info().arguments().orElse(new String[0]))
                    .anyMatch(property::equals))
        .filter(process -> !isSupervisor(process))
        .findFirst();
  }

  /** It has the agent's command line behind its own, and ends when its agent is told to. */
  private static boolean isSupervisor(ProcessHandle process) {
    return Stream.of(process.info().arguments().orElse(new String[0]))
        .limit(1)
        .anyMatch(script -> script.endsWith("/" + AgentLauncher.SUPERVISOR));
  }

  /** Executes a command; its output goes out as it comes. Returns its exit code. */
  static int execute(AgentClient agent, String command, PrintWriter out, PrintWriter err)
      throws AgentException {
    ShellResult result;
    try (ProgressBar bar = new ProgressBar(err)) {
      result =
          agent.execute(
              command,
              new ShellListener() {
                @Override
                public void output(String text) {
                  out.print(text);
                  out.flush();
                }

                @Override
                public void progress(String step, double done) {
                  bar.report(step, done);
                }
              });
    }
    if (!result.output().isEmpty() && !result.output().endsWith("\n")) {
      out.println();
      out.flush();
    }
    if (!result.error().isEmpty()) {
      err.println("tagwatch: " + result.error());
      err.flush();
    }
    return result.exit();
  }
}
