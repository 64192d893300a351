// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --home}: which agent. */
final class HomeOption {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = "${env:TAGWATCH_HOME:-/var/lib/tagwatch}",
      description = "Home of the agent (default: $TAGWATCH_HOME, else /var/lib/tagwatch).")
  Path home;

  Path path() {
    return home.toAbsolutePath().normalize();
  }
}
