// SPDX-License-Identifier: Apache-2.0
package tagwatch.netlink;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * The C library as it is: names, arguments and return values of the manual pages. errno is {@link
 * Native#getLastError()}. Numbers are those of asm-generic/socket.h, which all architectures that
 * have a JNA share.
 *
 * <p>{@code ssize_t} is declared as int: it comes back in one register, of which every calling
 * convention here lets an int be the lower half, and no length is beyond it. A Java long would read
 * a second register on a 32-bit machine.
 */
final class LibC {
  static final int AF_NETLINK = 16;
  static final int SOCK_RAW = 3;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int SOL_SOCKET = 1;
  static final int SO_RCVBUF = 8;
  static final int SO_RCVBUFFORCE = 33;
  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final short POLLIN = 1;
  static final int EPERM = 1;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EPROTONOSUPPORT = 93;
  static final int ENOBUFS = 105;
  static final int ECONNREFUSED = 111;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native int socket(int domain, int type, int protocol);

  static native int bind(int fd, Pointer address, int length);

  static native int getsockname(int fd, Pointer address, Pointer length);

  static native int setsockopt(int fd, int level, int name, Pointer value, int length);

  static native int getsockopt(int fd, int level, int name, Pointer value, Pointer length);

  static native int sendmsg(int fd, Pointer message, int flags);

  static native int recvmsg(int fd, Pointer message, int flags);

  static native int poll(Pointer descriptors, NativeLong count, int milliseconds);

  static native int close(int fd);

  static native String strerror(int errno);
}
