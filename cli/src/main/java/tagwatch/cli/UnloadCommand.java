// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code unload}: the kernel as it was before the first agent. */
@Command(
    name = "unload",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Show the verdicts in force, then remove everything that agents left in the kernel.",
      "Blocked processes are blocked no longer, and nothing is recorded any more."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./tagwatch stop && ./tagwatch unload")
final class UnloadCommand implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin JsonOption json;

  @Override
  public Integer call() throws Exception {
    return OneShot.pass(
        new GogoLine("unload").flag("--json", json.wanted()),
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
  }
}
