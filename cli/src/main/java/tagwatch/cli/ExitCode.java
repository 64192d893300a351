// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

/** What the process tells its caller. The script {@code tagwatch} uses the same numbers. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** The kernel, a right, a program or a running agent that the command needs is not there. */
  static final int MISSING = 3;

  private ExitCode() {}
}
