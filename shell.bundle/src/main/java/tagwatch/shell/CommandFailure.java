// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

/** A command that is not carried out, for a reason that a person can act on. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }

  // The interactive shell shows this: the name of a class helps nobody at a prompt.
  @Override
  @SuppressWarnings("OverrideThrowableToString")
  public String toString() {
    return getMessage();
  }
}
