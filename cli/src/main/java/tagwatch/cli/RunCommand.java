// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tagwatch.agent.AgentHome;
import tagwatch.agent.AgentLauncher;
import tagwatch.agent.AgentProcess;

/** {@code run}: starts an agent. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Start an agent.",
      "It is started again when it ends by itself (killed, crashed, out of memory); status shows"
          + " such outages.",
      "Where its home has no configuration yet, one is written: it watches a single tag and only"
          + " records (gate learn)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch run",
      "  ./tagwatch run --tag 200 --home /srv/tagwatch",
      "  ./tagwatch run --foreground"
    })
final class RunCommand implements Callable<Integer> {
  private static final long LOOK_MS = 200;

  @Spec CommandSpec spec;
  @Mixin HomeOption home;

  @Option(names = "--foreground", description = "Stay until the agent ends; Ctrl-C ends it.")
  boolean foreground;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      defaultValue = "13107",
      converter = Tag.class,
      description = "What the first configuration watches (default: ${DEFAULT-VALUE}).")
  int tag;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    AgentHome agentHome = Agents.home(home.path());
    AgentLauncher launcher = new AgentLauncher(agentHome, Tree.runtime());
    configure(agentHome.create(), out);
    if (foreground) {
      return stay(launcher, agentHome, out);
    }
    long pid = launcher.startDetachedSupervised();
    out.println(
        "agent " + pid + " runs in " + agentHome.root() + ", its log is " + agentHome.log());
    out.flush();
    return ExitCode.OK;
  }

  private void configure(AgentHome agentHome, PrintWriter out) throws IOException {
    try (DirectoryStream<Path> present =
        Files.newDirectoryStream(agentHome.conf(), "tagwatch.tag-*.cfg")) {
      if (present.iterator().hasNext()) {
        return;
      }
    }
    Path file = agentHome.conf().resolve("tagwatch.tag-" + tag + ".cfg");
    Files.writeString(
        file, sample().replace("@TAG@", Integer.toString(tag)), StandardOpenOption.CREATE_NEW);
    out.println("wrote " + file);
  }

  private static String sample() throws IOException {
    try (InputStream in = RunCommand.class.getResourceAsStream("sample.cfg")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static int stay(AgentLauncher launcher, AgentHome agentHome, PrintWriter out)
      throws Exception {
    try (Interruption interruption = new Interruption();
        AgentProcess agent = launcher.startSupervised()) {
      out.println("an agent runs in " + agentHome.root() + "; Ctrl-C ends it");
      out.flush();
      while (agent.alive()) {
        if (interruption.await(LOOK_MS)) {
          agent.stop();
          return interruption.finish(ExitCode.OK);
        }
      }
      throw new Failure(
          ExitCode.FAILED,
          "the agent ended by itself with exit code "
              + agent.waitFor()
              + "; see "
              + agentHome.log());
    }
  }
}
