// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import tagwatch.transport.Channel;
import tagwatch.transport.MessageHandler;

/**
 * Questions and answers over a channel. The kernel has queued its answer when the request has been
 * sent, so that the wait is for a peer that is slow, or for none at all. Any thread may ask; one
 * question is under way at a time.
 */
final class Line implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

  private final Channel channel;
  private final MessageHandler others;
  private final Answer.Plain head = new Answer.Plain();
  private int sequence;
  private boolean answered;

  /**
   * @param others gets what is no answer to a question under way
   */
  Line(Channel channel, MessageHandler others) {
    this.channel = channel;
    this.others = others;
  }

  /**
   * Sends the request and takes its answer.
   *
   * @throws RefusedException if the answer is a refusal
   * @throws IOException if there is no answer, or the channel is of no use any more
   */
  synchronized void ask(Exchange exchange, String what) throws IOException {
    if (!tryAsk(exchange, what, PATIENCE)) {
      throw new IOException(what + ": no answer from the kernel side");
    }
  }

  /** The same, false if there is no answer in time. */
  synchronized boolean tryAsk(Exchange exchange, String what, long patience) throws IOException {
    sequence = sequence == Integer.MAX_VALUE ? 1 : sequence + 1;
    int expected = sequence;
    answered = false;
    channel.send(Protocol.TYPE, Protocol.REQUEST_FLAG, expected, exchange.outgoing());
    MessageHandler handler =
        (type, flags, number, buffer, offset, length) ->
            take(exchange, expected, type, flags, number, buffer, offset, length);
    long end = System.nanoTime() + patience;
    while (!answered) {
      // one packet at a time: what lies behind the answer may be the feed, which has its own reader
      int received = channel.receive(handler, 1);
      if (received == 0 && !answered) {
        long rest = end - System.nanoTime();
        if (rest <= 0) {
          return false;
        }
        channel.await(rest);
      }
    }
    check(exchange, what);
    return true;
  }

  private void take(
      Exchange exchange,
      int expected,
      int type,
      int flags,
      int number,
      ByteBuffer buffer,
      int offset,
      int length) {
    if (number == expected && type == Protocol.TYPE) {
      exchange.answer(buffer, offset, length);
      answered = true;
    } else {
      others.message(type, flags, number, buffer, offset, length);
    }
  }

  private void check(Exchange exchange, String what) throws IOException {
    try {
      head.wrap(exchange.bytes(), 0, exchange.length());
      Reason reason = head.reason();
      if (reason != Reason.OK) {
        throw new RefusedException(what, reason, head.detail());
      }
    } catch (MalformedMessageException e) {
      throw new IOException(what + ": the answer is malformed: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void close() {
    channel.close();
  }
}
