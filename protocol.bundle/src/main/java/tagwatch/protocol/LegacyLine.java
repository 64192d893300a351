// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelProvider;

/**
 * A registration of 2020: one tag, one channel, because replies do not name the tag. Requests may
 * be sent by any thread; the rest belongs to the drain.
 */
final class LegacyLine implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
  private static final int ACK_SIZE = 3;

  /** Receives what comes unasked or is an image. */
  interface Listener {
    void reply(LegacyReply reply);

    void live(LegacyRecord record, ByteBuffer buffer);
  }

  private final Channel channel;
  private final int tag;
  private final int key;
  private final Listener listener;
  private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[0]);
  private final LegacyReply reply = new LegacyReply();
  private final LegacyRecord record = new LegacyRecord();
  private boolean acknowledged;

  private LegacyLine(Channel channel, int tag, int key, Listener listener) {
    this.channel = channel;
    this.tag = tag;
    this.key = key;
    this.listener = listener;
  }

  /** Opens and registers. */
  static LegacyLine open(
      ChannelProvider provider, Settings settings, int tag, int key, Listener listener)
      throws IOException {
    LegacyLine line = new LegacyLine(provider.open(settings.channel()), tag, key, listener);
    try {
      line.register();
      return line;
    } catch (IOException | RuntimeException e) {
      line.close();
      throw e;
    }
  }

  /** Registers, also once more: such a kernel side answers the same to a tag that it knows. */
  void register() throws IOException {
    acknowledged = false;
    send(LegacyRequest.REGISTRATION, 0);
    long end = System.nanoTime() + PATIENCE;
    while (!acknowledged) {
      if (receive(1) == 0) {
        long rest = end - System.nanoTime();
        if (rest <= 0) {
          throw new IOException("registration of tag " + tag + " is not acknowledged");
        }
        channel.await(rest);
      }
    }
  }

  void send(int id, int pid) throws IOException {
    ByteBuffer request = ByteBuffer.allocate(LegacyRequest.SIZE).order(ByteOrder.nativeOrder());
    new LegacyRequest().clear(new UnsafeBuffer(request), 0).key(key).id(id).tag(tag).pid(pid);
    channel.send(0, 0, 0, request);
  }

  /** Hands over what has come; the number of messages, or {@link Channel#OVERRUN}. */
  int receive(int packets) throws IOException {
    return channel.receive(this::message, packets);
  }

  boolean await(long nanos) throws IOException {
    return channel.await(nanos);
  }

  private void message(
      int type, int flags, int sequence, ByteBuffer buffer, int offset, int length) {
    bytes.wrap(buffer);
    if (length == ACK_SIZE && bytes.getByte(offset) == 'A') {
      acknowledged = true;
    } else if (length == LegacyReply.SIZE) {
      listener.reply(reply.wrap(bytes, offset, length));
    } else if (!Answer.isExtended(bytes, offset, length)) {
      listener.live(record.wrap(bytes, offset, length), buffer);
    }
  }

  int tag() {
    return tag;
  }

  @Override
  public void close() {
    channel.close();
  }
}
