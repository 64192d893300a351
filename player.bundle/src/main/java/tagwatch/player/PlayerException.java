// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

/** An order cannot be carried out. The message names the value and the remedy. */
public final class PlayerException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Message for a person. */
  public PlayerException(String message) {
    super(message);
  }

  /** Message for a person, and what caused it. */
  public PlayerException(String message, Throwable cause) {
    super(message, cause);
  }
}
