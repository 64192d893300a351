// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentCommandTest {
  @TempDir Path home;

  @Test
  void shouldPassItsArgumentsOnAndPrintTheAnswer() throws Exception {
    try (StandInAgent agent =
        StandInAgent.listen(home, "{\"out\":\"[1,\"}", "{\"out\":\"2]\\n\"}", "{\"exit\":0}")) {
      Shell result = Shell.tagwatch("alerts", "--json", "--home", home, "--last", "3", "a b");

      assertThat(result).isEqualTo(new Shell(0, "[1,2]\n", ""));
      assertThat(agent.commands).containsExactly("tagwatch:alerts --json --last 3 a\\ b");
    }
  }

  @Test
  void shouldEndWithTheAgentsExitCodeAndError() throws Exception {
    try (StandInAgent agent =
        StandInAgent.listen(home, "{\"exit\":1,\"error\":\"no tag 9; tags are 13107\"}")) {
      Shell result = Shell.tagwatch("gate", "9", "enforce", "--home", home);

      assertThat(result).isEqualTo(new Shell(1, "", "tagwatch: no tag 9; tags are 13107\n"));
      assertThat(agent.commands).containsExactly("tagwatch:gate 9 enforce");
    }
  }

  @Test
  void shouldExecuteOneShellCommandAsItIs() throws Exception {
    try (StandInAgent agent =
        StandInAgent.listen(home, "{\"out\":\"five\"}", "{\"exit\":5,\"error\":\"\"}")) {
      Shell result = Shell.tagwatch("shell", "--home", home, "-c", "lb | grep $x");

      assertThat(result).isEqualTo(new Shell(5, "five\n", ""));
      assertThat(agent.commands).containsExactly("lb | grep $x");
    }
  }

  @Test
  void shouldRefuseAnInteractiveShellWithoutATerminal() throws Exception {
    try (StandInAgent agent = StandInAgent.listen(home, "{\"exit\":0}")) {
      Shell result = Shell.tagwatch("shell", "--home", home);

      assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).contains("not a terminal").contains("-c COMMAND");
      assertThat(agent.commands).isEmpty();
    }
  }
}
