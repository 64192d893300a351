// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

/** The demo cannot go on. The message is for a person: it names the value and the remedy. */
public final class DemoException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Message for a person. */
  public DemoException(String message) {
    super(message);
  }

  /** Message for a person, and what caused it. */
  public DemoException(String message, Throwable cause) {
    super(message, cause);
  }
}
