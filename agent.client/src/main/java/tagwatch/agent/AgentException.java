// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import java.io.IOException;

/**
 * The agent cannot be reached, started or stopped, or it refuses an order. The message is for a
 * person and names the remedy.
 */
public final class AgentException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Message for a person. */
  public AgentException(String message) {
    super(message);
  }

  /** Message for a person, and what caused it. */
  public AgentException(String message, Throwable cause) {
    super(message, cause);
  }
}
