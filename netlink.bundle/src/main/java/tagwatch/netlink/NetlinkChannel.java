// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelSettings;
import tagwatch.transport.MessageHandler;

/** The SPI over one socket. */
final class NetlinkChannel implements Channel {
  // Netlink pads every message to 4 bytes: stepping by the raw length would read the next header
  // out
  // of the padding, with nothing to show for it.
  private static final int ALIGNMENT = 4;

  private final NetlinkSocket socket;
  private final int peer;
  private final Packet incoming;
  private final Packet outgoing;
  private final AtomicLong foreign = new AtomicLong();
  private boolean overrun;
  private volatile boolean closed;

  NetlinkChannel(ChannelSettings settings) throws IOException {
    peer = settings.peer();
    incoming = new Packet(settings.messageBytes());
    outgoing = new Packet(settings.messageBytes());
    outgoing.port(peer);
    socket = NetlinkSocket.open(settings.protocol(), settings.queueBytes());
  }

  @Override
  public int portId() {
    return socket.portId();
  }

  /** Bytes that the kernel grants for messages that wait. */
  int room() throws IOException {
    return socket.room();
  }

  @Override
  public void send(int type, int flags, int sequence, ByteBuffer payload) throws IOException {
    synchronized (outgoing) {
      open();
      ByteBuffer packet = outgoing.buffer();
      int length = Packet.HEADER_SIZE + payload.remaining();
      if (length > packet.capacity()) {
        throw new IOException(
            "message too long: length=" + length + " capacity=" + packet.capacity());
      }
      packet.putInt(Packet.HEADER_LENGTH, length);
      packet.putShort(Packet.HEADER_TYPE, (short) type);
      packet.putShort(Packet.HEADER_FLAGS, (short) flags);
      packet.putInt(Packet.HEADER_SEQUENCE, sequence);
      packet.putInt(Packet.HEADER_PORT, socket.portId());
      packet.put(Packet.HEADER_SIZE, payload, payload.position(), payload.remaining());
      outgoing.length(length);
      socket.send(outgoing);
    }
  }

  private void open() throws IOException {
    if (closed) {
      throw new IOException("the channel is closed");
    }
  }

  @Override
  public int receive(MessageHandler handler, int limit) throws IOException {
    open();
    int messages = 0;
    for (int packets = 0; packets < limit && !overrun; packets++) {
      int length = socket.receive(incoming);
      if (length == NetlinkSocket.NOTHING) {
        break;
      }
      if (length == NetlinkSocket.OVERRUN || incoming.truncated()) {
        overrun = true;
      } else if (incoming.port() != peer) {
        foreign.incrementAndGet();
      } else {
        messages += hand(handler, length);
      }
    }
    // what came before the loss goes first, so that the caller learns of it in order
    if (overrun && messages == 0) {
      overrun = false;
      return OVERRUN;
    }
    return messages;
  }

  /** A packet that is no run of messages is a loss too: its rest cannot be told apart. */
  private int hand(MessageHandler handler, int length) {
    ByteBuffer packet = incoming.buffer();
    int messages = 0;
    int at = 0;
    while (at < length) {
      int size = length - at < Packet.HEADER_SIZE ? 0 : packet.getInt(at + Packet.HEADER_LENGTH);
      if (size < Packet.HEADER_SIZE || size > length - at) {
        overrun = true;
        break;
      }
      handler.message(
          Short.toUnsignedInt(packet.getShort(at + Packet.HEADER_TYPE)),
          Short.toUnsignedInt(packet.getShort(at + Packet.HEADER_FLAGS)),
          packet.getInt(at + Packet.HEADER_SEQUENCE),
          packet,
          at + Packet.HEADER_SIZE,
          size - Packet.HEADER_SIZE);
      messages++;
      at += (size + ALIGNMENT - 1) & -ALIGNMENT;
    }
    return messages;
  }

  @Override
  public boolean await(long maxNanos) throws IOException {
    open();
    return overrun || socket.await(maxNanos);
  }

  @Override
  public long foreign() {
    return foreign.get();
  }

  @Override
  public void close() {
    synchronized (outgoing) {
      closed = true;
      socket.close();
    }
  }
}
