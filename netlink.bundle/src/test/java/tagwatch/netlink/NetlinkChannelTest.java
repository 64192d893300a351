// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelSettings;

/** Against families that every kernel has. */
@Timeout(30)
class NetlinkChannelTest {
  private static final int ROUTE = 0;
  private static final int USERSOCK = 2;
  private static final int GENERIC = 16;

  private static final int REQUEST = 1;
  private static final int MULTI = 2;
  private static final int DUMP = 0x300;
  private static final int ERROR = 2;
  private static final int DONE = 3;

  private static final long SHORTLY = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LONG = TimeUnit.SECONDS.toNanos(5);

  private static ChannelSettings to(int protocol) {
    return new ChannelSettings(protocol, ChannelSettings.KERNEL, 1 << 20, 1 << 16);
  }

  private static ChannelSettings to(int protocol, int peer) {
    return new ChannelSettings(protocol, peer, 1 << 16, 1 << 12);
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** One message as it came. */
  private record Message(int type, int flags, int sequence, ByteBuffer payload) {}

  private static int receive(Channel channel, List<Message> into) throws IOException {
    return channel.receive(
        (type, flags, sequence, buffer, offset, length) -> {
          ByteBuffer copy = bytes(length);
          copy.put(0, buffer, offset, length);
          into.add(new Message(type, flags, sequence, copy));
        },
        16);
  }

  private static List<Message> receive(Channel channel) throws IOException {
    List<Message> messages = new ArrayList<>();
    while (messages.isEmpty() && channel.await(LONG)) {
      receive(channel, messages);
    }
    return messages;
  }

  /** The parts of a dump, which may come in several packets, up to its end. */
  private static List<Message> dump(Channel channel, int type, int sequence, ByteBuffer request)
      throws IOException {
    channel.send(type, REQUEST | DUMP, sequence, request);
    List<Message> messages = new ArrayList<>();
    while (messages.isEmpty() || messages.get(messages.size() - 1).type() != DONE) {
      messages.addAll(receive(channel));
    }
    assertThat(messages)
        .allMatch(message -> message.sequence() == sequence && (message.flags() & MULTI) != 0);
    return messages.subList(0, messages.size() - 1);
  }

  @Nested
  class OfTheRouteFamily {
    private static final int GET_LINK = 18;
    private static final int NEW_LINK = 16;
    private static final int GET_ADDRESS = 22;
    private static final int LINK_MESSAGE = 16;
    private static final int ADDRESS_MESSAGE = 8;
    private static final int NAME = 3;
    private static final int ADDRESS = 1;

    @Test
    void shouldDumpTheLinksThatProcShows() throws Exception {
      try (Channel channel = new NetlinkChannels().open(to(ROUTE))) {
        Set<String> names = new TreeSet<>();
        for (Message link : dump(channel, GET_LINK, 7, bytes(LINK_MESSAGE))) {
          assertThat(link.type()).isEqualTo(NEW_LINK);
          ByteBuffer payload = link.payload();
          names.add(
              Attributes.text(
                  Attributes.read(payload, LINK_MESSAGE, payload.capacity()).get(NAME)));
        }
        assertThat(names).isEqualTo(linksOfProc());
      }
    }

    private static Set<String> linksOfProc() throws IOException {
      Set<String> names = new TreeSet<>();
      for (String line : Files.readAllLines(Path.of("/proc/net/dev"))) {
        if (line.contains(":")) {
          names.add(line.substring(0, line.indexOf(':')).strip());
        }
      }
      return names;
    }

    @Test
    void shouldDumpTheAddressesThatTheJvmShows() throws Exception {
      Set<String> expected = new TreeSet<>();
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          expected.add(
              each.getIndex()
                  + " "
                  + plain(address.getAddress().getAddress())
                  + "/"
                  + address.getNetworkPrefixLength());
        }
      }
      try (Channel channel = new NetlinkChannels().open(to(ROUTE))) {
        Set<String> addresses = new TreeSet<>();
        for (Message message : dump(channel, GET_ADDRESS, 8, bytes(ADDRESS_MESSAGE))) {
          ByteBuffer payload = message.payload();
          Map<Integer, byte[]> attributes =
              Attributes.read(payload, ADDRESS_MESSAGE, payload.capacity());
          addresses.add(
              payload.getInt(4)
                  + " "
                  + plain(attributes.get(ADDRESS))
                  + "/"
                  + Byte.toUnsignedInt(payload.get(1)));
        }
        assertThat(addresses).isEqualTo(expected);
      }
    }

    private static String plain(byte[] address) throws IOException {
      return InetAddress.getByAddress(address).getHostAddress();
    }

    @Test
    void shouldShowTheKernelsErrorAnswer() throws Exception {
      try (Channel channel = new NetlinkChannels().open(to(ROUTE))) {
        ByteBuffer request = bytes(LINK_MESSAGE).putInt(4, Integer.MAX_VALUE);
        channel.send(GET_LINK, REQUEST, 9, request);
        Message answer = receive(channel).get(0);
        assertThat(answer.type()).isEqualTo(ERROR);
        assertThat(answer.sequence()).isEqualTo(9);
        assertThat(answer.payload().getInt(0)).isEqualTo(-19);
      }
    }

    /** What the agent meets when it reads too slowly: the kernel itself finds no room. */
    @Test
    void shouldTellOfMessagesThatFoundNoRoomAndGoOn() throws Exception {
      try (Channel channel =
          new NetlinkChannels().open(new ChannelSettings(ROUTE, 0, 1 << 12, 1 << 12))) {
        int requests = 200;
        ByteBuffer loopback = bytes(LINK_MESSAGE).putInt(4, 1);
        for (int i = 1; i <= requests; i++) {
          channel.send(GET_LINK, REQUEST, i, loopback);
        }
        List<Message> messages = new ArrayList<>();
        int result = receive(channel, messages);
        while (result > 0) {
          result = receive(channel, messages);
        }
        assertThat(result).isEqualTo(Channel.OVERRUN);
        assertThat(messages).hasSizeLessThan(requests);
        assertThat(receive(channel, messages)).isNotNegative();

        messages.clear();
        channel.send(GET_LINK, REQUEST, 1000, loopback);
        assertThat(receive(channel).get(0).sequence()).isEqualTo(1000);
      }
    }

    @Test
    void shouldTakeAMessageThatIsTooLongForALoss() throws Exception {
      try (Channel channel =
          new NetlinkChannels().open(new ChannelSettings(ROUTE, 0, 1 << 16, 64))) {
        channel.send(GET_LINK, REQUEST, 1, bytes(LINK_MESSAGE).putInt(4, 1));
        assertThat(channel.await(LONG)).isTrue();
        assertThat(receive(channel, new ArrayList<>())).isEqualTo(Channel.OVERRUN);
      }
    }

    @Test
    void shouldGetTheRoomThatWasAskedFor() throws Exception {
      try (NetlinkChannel channel =
          new NetlinkChannel(new ChannelSettings(ROUTE, 0, 1 << 20, 1 << 12))) {
        // the kernel doubles the number, for its own overhead; its limit is for the unprivileged
        int limit =
            Integer.parseInt(Files.readString(Path.of("/proc/sys/net/core/rmem_max")).strip());
        boolean root = "root".equals(System.getProperty("user.name"));
        assertThat(channel.room()).isEqualTo(2 * (root ? 1 << 20 : Math.min(1 << 20, limit)));
      }
    }
  }

  @Nested
  class OfGenericNetlink {
    private static final int CONTROLLER = 16;
    private static final int GET_FAMILY = 3;
    private static final int FAMILY_ID = 1;
    private static final int FAMILY_NAME = 2;

    @Test
    void shouldResolveAFamily() throws Exception {
      String name = "nlctrl";
      int attribute = 4 + name.length() + 1;
      ByteBuffer request = bytes(4 + ((attribute + 3) & ~3));
      request.put(0, (byte) GET_FAMILY).put(1, (byte) 1);
      request.putShort(4, (short) attribute).putShort(6, (short) FAMILY_NAME);
      request.put(8, name.getBytes(StandardCharsets.US_ASCII));
      try (Channel channel = new NetlinkChannels().open(to(GENERIC))) {
        channel.send(CONTROLLER, REQUEST, 3, request);
        Message answer = receive(channel).get(0);
        Map<Integer, byte[]> attributes =
            Attributes.read(answer.payload(), 4, answer.payload().capacity());
        assertThat(answer.sequence()).isEqualTo(3);
        assertThat(Attributes.text(attributes.get(FAMILY_NAME))).isEqualTo(name);
        assertThat(Attributes.number(attributes.get(FAMILY_ID))).isEqualTo(CONTROLLER);
      }
    }
  }

  /** Two sockets of user space that write to each other. */
  @Nested
  class BetweenUserSpaceSockets {
    @Test
    void shouldGiveEachChannelOfAProcessAPortOfItsOwn() throws Exception {
      try (Channel one = new NetlinkChannels().open(to(USERSOCK));
          Channel other = new NetlinkChannels().open(to(USERSOCK))) {
        assertThat(one.portId()).isNotZero().isNotEqualTo(other.portId());
      }
    }

    @Test
    void shouldDropMessagesThatDoNotComeFromTheKernel() throws Exception {
      try (Channel agent = new NetlinkChannels().open(to(USERSOCK));
          Channel forger = new NetlinkChannels().open(to(USERSOCK, agent.portId()))) {
        for (int i = 0; i < 10; i++) {
          forger.send(DONE, 0, 0, text("ACK"));
        }
        assertThat(agent.await(LONG)).isTrue();
        List<Message> messages = new ArrayList<>();
        assertThat(receive(agent, messages)).isZero();
        assertThat(messages).isEmpty();
        assertThat(agent.foreign()).isEqualTo(10);
      }
    }

    @Test
    void shouldSendExactlyTheBytesGiven() throws Exception {
      try (NetlinkSocket reader = NetlinkSocket.open(USERSOCK, 1 << 12);
          Channel writer = new NetlinkChannels().open(to(USERSOCK, reader.portId()))) {
        ByteBuffer payload = text("xexactly thisx");
        payload.position(1).limit(13);
        writer.send(0x5457, 5, 77, payload);
        assertThat(payload.remaining()).isEqualTo(12);

        Packet packet = new Packet(256);
        assertThat(reader.receive(packet)).isEqualTo(28);
        ByteBuffer expected = bytes(28).putInt(28).putShort((short) 0x5457).putShort((short) 5);
        expected.putInt(77).putInt(writer.portId()).put(text("exactly this"));
        assertThat(packet.buffer().slice(0, 28)).isEqualTo(expected.flip());
        assertThat(packet.port()).isEqualTo(writer.portId());
      }
    }

    @Test
    void shouldHandOverEveryMessageOfAPacket() throws Exception {
      try (NetlinkSocket writer = NetlinkSocket.open(USERSOCK, 1 << 12);
          Channel reader = new NetlinkChannels().open(to(USERSOCK, writer.portId()))) {
        ByteBuffer run = bytes(17 + 3 + 18);
        run.putInt(0, 17).putShort(4, (short) 1).put(16, (byte) 'a');
        run.putInt(20, 18).putShort(24, (short) 2).put(36, (byte) 'b').put(37, (byte) 'c');
        send(writer, reader.portId(), run);
        List<Message> messages = receive(reader);
        assertThat(messages).extracting(Message::type).containsExactly(1, 2);
        assertThat(messages.get(0).payload()).isEqualTo(text("a"));
        assertThat(messages.get(1).payload()).isEqualTo(text("bc"));
      }
    }

    @Test
    void shouldTakeAHeaderThatLiesAboutItsLengthForALoss() throws Exception {
      for (int length : new int[] {0, 15, 33, -1, Integer.MAX_VALUE}) {
        try (NetlinkSocket writer = NetlinkSocket.open(USERSOCK, 1 << 12);
            Channel reader = new NetlinkChannels().open(to(USERSOCK, writer.portId()))) {
          send(writer, reader.portId(), bytes(32).putInt(0, length));
          assertThat(receive(reader, new ArrayList<>())).isEqualTo(Channel.OVERRUN);
          send(writer, reader.portId(), bytes(7));
          assertThat(receive(reader, new ArrayList<>())).isEqualTo(Channel.OVERRUN);
        }
      }
    }

    private static void send(NetlinkSocket writer, int port, ByteBuffer bytes) throws IOException {
      Packet packet = new Packet(256);
      packet.port(port);
      packet.buffer().put(0, bytes, 0, bytes.capacity());
      packet.length(bytes.capacity());
      writer.send(packet);
    }

    @Test
    void shouldWaitNoLongerThanToldAndNotAtAllIfThereIsSomething() throws Exception {
      try (Channel agent = new NetlinkChannels().open(to(USERSOCK));
          Channel other = new NetlinkChannels().open(to(USERSOCK, agent.portId()))) {
        long begin = System.nanoTime();
        assertThat(agent.await(SHORTLY)).isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SHORTLY);
        other.send(0, 0, 0, text("there"));
        assertThat(agent.await(LONG)).isTrue();
      }
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception {
      Channel closed = new NetlinkChannels().open(to(USERSOCK));
      int gone = closed.portId();
      try (Channel channel = new NetlinkChannels().open(to(USERSOCK, gone))) {
        closed.close();
        assertThatThrownBy(() -> channel.send(0, 0, 0, text("hello")))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("nobody listens at port " + Integer.toUnsignedString(gone));
      }
    }

    @Test
    void shouldRefuseToBeUsedAfterItsEnd() throws Exception {
      Channel channel = new NetlinkChannels().open(to(USERSOCK));
      channel.close();
      channel.close();
      assertThatThrownBy(() -> channel.send(0, 0, 0, text("hello")))
          .hasMessage("the channel is closed");
      assertThatThrownBy(() -> receive(channel, new ArrayList<>()))
          .hasMessage("the channel is closed");
    }
  }

  @Test
  void shouldSayThatTheKernelHasNoSuchProtocol() {
    assertThatThrownBy(() -> new NetlinkChannels().open(to(31)))
        .isInstanceOf(IOException.class)
        .hasMessage("the kernel has no netlink protocol 31");
  }

  @Test
  void shouldLayStructuresOutAsThisMachineDoes() {
    assertThat(new Vector().size()).isEqualTo(2 * Native.POINTER_SIZE);
    assertThat(new MessageHeader().size()).isEqualTo(7 * Native.POINTER_SIZE);
    assertThat(new MessageHeader().nameLengthOffset()).isEqualTo(Native.POINTER_SIZE);
    assertThat(new MessageHeader().resultFlagsOffset()).isEqualTo(6 * Native.POINTER_SIZE);
    assertThat(Native.getNativeSize(SizeT.class)).isEqualTo(Native.SIZE_T_SIZE);
  }
}
