// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

/** Bytes that are no message of the protocol: the only exception of the decoder. */
final class MalformedMessageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    // no trace: whoever floods the agent with garbage shall not be paid for with stack walks
    super(message, null, false, false);
  }
}
