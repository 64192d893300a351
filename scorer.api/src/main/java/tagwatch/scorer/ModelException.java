// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

/** A model is refused or cannot be learned. The message names the part and its value. */
public final class ModelException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Message for a person. */
  public ModelException(String message) {
    super(message);
  }

  /** Message for a person, and what caused it. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
