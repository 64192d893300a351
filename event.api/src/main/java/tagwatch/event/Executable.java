// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.Objects;

/**
 * The program that a process runs.
 *
 * @param path as the kernel resolved it; empty if unknown
 * @param buildId the GNU build id in lower-case hexadecimal; empty if the file carries none or it
 *     is not known. Another build id than the model's makes the model stale.
 */
public record Executable(String path, String buildId) {
  /** Nothing is known about the program. */
  public static final Executable UNKNOWN = new Executable("", "");

  /** Both parts are required; use the empty string for what is unknown. */
  public Executable {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(buildId, "buildId");
  }
}
