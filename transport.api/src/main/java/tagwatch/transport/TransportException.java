// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

/** A source cannot be opened. The message names what is missing and what to do. */
public final class TransportException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Message for a person. */
  public TransportException(String message) {
    super(message);
  }

  /** Message for a person, and what caused it. */
  public TransportException(String message, Throwable cause) {
    super(message, cause);
  }
}
