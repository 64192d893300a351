// SPDX-License-Identifier: Apache-2.0
package tagwatch.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open channel of messages between this process and the kernel. It knows bytes, no messages.
 * {@link #send} may be called by any thread; {@link #receive}, {@link #await} and {@link #close}
 * belong to one.
 */
@ConsumerType
public interface Channel extends AutoCloseable {
  /** Returned by {@link #receive}: messages are lost; what comes next is whole again. */
  int OVERRUN = -1;

  /** The number by which the peer knows this end. */
  int portId();

  /**
   * Sends one message. The kernel has handled it when this returns, and what it answers at once is
   * there to be received.
   *
   * @param type of the message, 16 bits
   * @param flags of the message, 16 bits
   * @param sequence by which an answer is recognised
   * @param payload from position to limit, which stay as they are
   * @throws IOException names the call and the reason, e.g. that nobody listens at the other end
   */
  void send(int type, int flags, int sequence, ByteBuffer payload) throws IOException;

  /**
   * Hands over what is there; does not wait. Messages of other senders than the peer are dropped
   * and counted.
   *
   * @param limit of packets to take, each with at least one message
   * @return the number of messages, 0 if there was nothing, or {@link #OVERRUN}
   * @throws IOException if the channel is of no use any more
   */
  int receive(MessageHandler handler, int limit) throws IOException;

  /** Waits until there may be something to receive, at most so long; false if there is nothing. */
  boolean await(long maxNanos) throws IOException;

  /** Messages that were dropped because their sender was not the peer. Any thread may call. */
  long foreign();

  /** Gives the channel back; what was not received is lost. Idempotent. */
  @Override
  void close();
}
