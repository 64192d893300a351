// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

/** Hears a command while it runs; called by the thread that gave the command. */
public interface ShellListener {
  /** Hears nothing. */
  ShellListener SILENT = new ShellListener() {};

  /** A piece of output, as it comes; pieces need not end at a line. */
  default void output(String text) {}

  /**
   * A step of a long command.
   *
   * @param step what is being done
   * @param done 0 to 1
   */
  default void progress(String step, double done) {}
}
