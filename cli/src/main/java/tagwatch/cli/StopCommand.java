// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code stop}: ends an agent in good order. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Stop a running agent.",
      "What it pinned in the kernel stays, verdicts included: see unload."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./tagwatch stop --home /srv/tagwatch")
final class StopCommand implements Callable<Integer> {
  private static final int PATIENCE_SECONDS = 20;

  @Spec CommandSpec spec;
  @Mixin HomeOption home;

  @Override
  public Integer call() throws Exception {
    ProcessHandle agent =
        Agents.process(home.path())
            .orElseThrow(() -> new Failure(ExitCode.MISSING, "no agent runs in " + home.path()));
    end(agent);
    spec.commandLine().getOut().println("agent " + agent.pid() + " ended");
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  /** Asks the process to end and waits for it. */
  static void end(ProcessHandle agent) throws Failure, InterruptedException {
    if (!agent.destroy() && agent.isAlive()) {
      throw new Failure(
          ExitCode.FAILED, "no right to stop process " + agent.pid() + "; run as root");
    }
    try {
      agent.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new Failure(
          ExitCode.FAILED,
          "agent "
              + agent.pid()
              + " did not end within "
              + PATIENCE_SECONDS
              + " s; kill -9 "
              + agent.pid()
              + " does no harm to what the kernel keeps",
          e);
    } catch (ExecutionException e) {
      throw new Failure(ExitCode.FAILED, "cannot wait for agent " + agent.pid() + ": " + e, e);
    }
  }
}
