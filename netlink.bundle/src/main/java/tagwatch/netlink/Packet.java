// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One reused packet outside the heap, with everything that sendmsg and recvmsg need to know of it,
 * laid out once. Allocation per call would cost more than the call.
 */
final class Packet {
  /** {@code struct sockaddr_nl}: family, padding, port id, multicast groups. */
  static final int ADDRESS_FAMILY = 0;

  static final int ADDRESS_PORT = ADDRESS_FAMILY + 2 * Short.BYTES;
  static final int ADDRESS_GROUPS = ADDRESS_PORT + Integer.BYTES;
  static final int ADDRESS_SIZE = ADDRESS_GROUPS + Integer.BYTES;

  /** {@code struct nlmsghdr}: length with this header, type, flags, sequence, port id. */
  static final int HEADER_LENGTH = 0;

  static final int HEADER_TYPE = HEADER_LENGTH + Integer.BYTES;
  static final int HEADER_FLAGS = HEADER_TYPE + Short.BYTES;
  static final int HEADER_SEQUENCE = HEADER_FLAGS + Short.BYTES;
  static final int HEADER_PORT = HEADER_SEQUENCE + Integer.BYTES;
  static final int HEADER_SIZE = HEADER_PORT + Integer.BYTES;

  private final Memory address = new Memory(ADDRESS_SIZE);
  private final Memory bytes;
  private final Vector vector = new Vector();
  private final MessageHeader header = new MessageHeader();
  private final Pointer headerPointer;
  private final int nameLengthOffset;
  private final int resultFlagsOffset;
  private final ByteBuffer buffer;

  Packet(int size) {
    bytes = new Memory(size);
    buffer = bytes.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    address.clear();
    address.setShort(ADDRESS_FAMILY, (short) LibC.AF_NETLINK);
    vector.base = bytes;
    vector.length.setValue(size);
    vector.write();
    header.name = address;
    header.nameLength = ADDRESS_SIZE;
    header.vectors = vector.getPointer();
    header.write();
    headerPointer = header.getPointer();
    nameLengthOffset = header.nameLengthOffset();
    resultFlagsOffset = header.resultFlagsOffset();
  }

  /** The bytes in native order. */
  ByteBuffer buffer() {
    return buffer;
  }

  int port() {
    return address.getInt(ADDRESS_PORT);
  }

  void port(int port) {
    address.setInt(ADDRESS_PORT, port);
  }

  /** Bytes to send. */
  void length(int length) {
    if (vector.length.intValue() != length) {
      vector.length.setValue(length);
      vector.write();
    }
  }

  /** True if the last packet was longer than there is room. */
  boolean truncated() {
    return (headerPointer.getInt(resultFlagsOffset) & LibC.MSG_TRUNC) != 0;
  }

  int send(int fd) {
    return LibC.sendmsg(fd, headerPointer, 0);
  }

  int receive(int fd) {
    headerPointer.setInt(nameLengthOffset, ADDRESS_SIZE);
    return LibC.recvmsg(fd, headerPointer, LibC.MSG_DONTWAIT);
  }

  Pointer address() {
    return address;
  }
}
