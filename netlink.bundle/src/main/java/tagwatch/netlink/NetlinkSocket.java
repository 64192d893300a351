// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;

/** A bound socket. Calls throw with errno's text; what is no error is a return value. */
final class NetlinkSocket implements AutoCloseable {
  /** Nothing there. */
  static final int NOTHING = -1;

  /** ENOBUFS: the kernel found no room for a message, or no memory. */
  static final int OVERRUN = -2;

  private static final NativeLong ONE = new NativeLong(1);
  private static final int POLLFD = 8;
  private static final int POLLFD_EVENTS = Integer.BYTES;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final Memory pollDescriptor = new Memory(POLLFD);
  private final int portId;
  private int fd;

  private NetlinkSocket(int fd) throws IOException {
    this.fd = fd;
    pollDescriptor.clear();
    pollDescriptor.setInt(0, fd);
    pollDescriptor.setShort(POLLFD_EVENTS, LibC.POLLIN);
    Packet packet = new Packet(1);
    // port id 0: the kernel chooses one that no other socket of this process has
    checked(LibC.bind(fd, packet.address(), Packet.ADDRESS_SIZE), "bind");
    try (Memory length = new Memory(Integer.BYTES)) {
      length.setInt(0, Packet.ADDRESS_SIZE);
      checked(LibC.getsockname(fd, packet.address(), length), "getsockname");
    }
    portId = packet.port();
  }

  static NetlinkSocket open(int protocol, int queueBytes) throws IOException {
    int fd = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, protocol);
    if (fd < 0 && Native.getLastError() == LibC.EPROTONOSUPPORT) {
      throw new IOException("the kernel has no netlink protocol " + protocol);
    }
    checked(fd, "socket(AF_NETLINK, SOCK_RAW, " + protocol + ")");
    try {
      room(fd, queueBytes);
      return new NetlinkSocket(fd);
    } catch (IOException e) {
      LibC.close(fd);
      throw e;
    }
  }

  /** Beyond the system's limit only with CAP_NET_ADMIN; without it the limit has to do. */
  private static void room(int fd, int bytes) throws IOException {
    try (Memory value = new Memory(Integer.BYTES)) {
      value.setInt(0, bytes);
      if (LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_RCVBUFFORCE, value, Integer.BYTES) < 0) {
        if (Native.getLastError() != LibC.EPERM) {
          throw failure("setsockopt(SO_RCVBUFFORCE)");
        }
        checked(
            LibC.setsockopt(fd, LibC.SOL_SOCKET, LibC.SO_RCVBUF, value, Integer.BYTES),
            "setsockopt(SO_RCVBUF)");
      }
    }
  }

  int portId() {
    return portId;
  }

  /** Bytes that the kernel keeps for messages that wait; it counts its own overhead in. */
  int room() throws IOException {
    try (Memory value = new Memory(Integer.BYTES);
        Memory length = new Memory(Integer.BYTES)) {
      length.setInt(0, Integer.BYTES);
      checked(
          LibC.getsockopt(fd, LibC.SOL_SOCKET, LibC.SO_RCVBUF, value, length),
          "getsockopt(SO_RCVBUF)");
      return value.getInt(0);
    }
  }

  void send(Packet packet) throws IOException {
    while (packet.send(fd) < 0) {
      int errno = Native.getLastError();
      if (errno == LibC.ECONNREFUSED) {
        throw new IOException(
            "nobody listens at port " + Integer.toUnsignedString(packet.port()) + " (sendmsg)");
      }
      if (errno != LibC.EINTR) {
        throw failure("sendmsg");
      }
    }
  }

  /** The length of a packet, {@link #NOTHING} or {@link #OVERRUN}. */
  int receive(Packet packet) throws IOException {
    while (true) {
      int length = packet.receive(fd);
      if (length >= 0) {
        return length;
      }
      switch (Native.getLastError()) {
        case LibC.EAGAIN -> {
          return NOTHING;
        }
        case LibC.ENOBUFS -> {
          return OVERRUN;
        }
        case LibC.EINTR -> {}
        default -> throw failure("recvmsg");
      }
    }
  }

  /** Rounds up to milliseconds: a shorter wait would turn into a busy one. */
  boolean await(long maxNanos) throws IOException {
    long millis =
        Math.max(0, Math.min(Integer.MAX_VALUE, -Math.floorDiv(-maxNanos, NANOS_PER_MILLI)));
    int ready = LibC.poll(pollDescriptor, ONE, (int) millis);
    if (ready < 0 && Native.getLastError() != LibC.EINTR) {
      throw failure("poll");
    }
    return ready > 0;
  }

  private static void checked(int result, String call) throws IOException {
    if (result < 0) {
      throw failure(call);
    }
  }

  private static IOException failure(String call) {
    int errno = Native.getLastError();
    return new IOException(call + ": " + LibC.strerror(errno) + " (errno " + errno + ")");
  }

  @Override
  public void close() {
    if (fd >= 0) {
      LibC.close(fd);
      // the kernel answers EBADF from now on, instead of writing to whoever gets the number next
      fd = -1;
    }
  }
}
