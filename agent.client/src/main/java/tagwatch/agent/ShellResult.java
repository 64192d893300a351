// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import java.util.Objects;

/**
 * What became of a shell command.
 *
 * @param output all that it printed
 * @param exit 0 if it was carried out, else 1
 * @param error one line that says why not; empty if it was carried out
 */
public record ShellResult(String output, int exit, String error) {
  /** All parts are required. */
  public ShellResult {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(error, "error");
  }

  /** Whether the command was carried out. */
  public boolean succeeded() {
    return exit == 0;
  }
}
