// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Receives the messages of a {@link Channel}, on the thread that asked for them. */
@ConsumerType
@FunctionalInterface
public interface MessageHandler {
  /**
   * One message.
   *
   * @param type of the message
   * @param flags of the message
   * @param sequence of the request that it answers; 0 if none
   * @param buffer holds the payload in native byte order; only valid during the call; its position
   *     and limit are of no meaning
   * @param offset of the payload
   * @param length of the payload in bytes
   */
  void message(int type, int flags, int sequence, ByteBuffer buffer, int offset, int length);
}
