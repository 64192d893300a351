// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The C library as it is: names, arguments and return values of the manual pages. Only for 64-bit
 * machines, where {@code size_t} and {@code long} are Java's long. errno is {@link
 * Native#getLastError()}.
 */
final class LibC {
  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_SHARED = 1;
  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x80000;
  static final int EPOLL_CLOEXEC = 0x80000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLLIN = 1;
  static final int EPOLLET = 1 << 31;
  static final int CLOCK_BOOTTIME = 7;
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int SIGKILL = 9;
  static final int SIGCONT = 18;
  static final int SIGSTOP = 19;
  // glibc has wrappers since 2.36 only; the numbers are the same on all architectures
  static final long SYS_PIDFD_SEND_SIGNAL = 424;
  static final long SYS_PIDFD_OPEN = 434;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native Pointer mmap(
      Pointer address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(Pointer address, long length);

  static native int open(String path, int flags, int mode);

  static native int close(int fd);

  static native long read(int fd, Pointer buffer, long count);

  static native int epoll_create1(int flags);

  static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

  static native int epoll_wait(int epoll, Pointer events, int maximum, int milliseconds);

  static native int mount(String source, String target, String type, long flags, Pointer data);

  static native int gettid();

  static native int clock_gettime(int clock, Pointer time);

  static native String strerror(int errno);

  /** Variadic in C; for integer arguments the call is the same on Linux x86-64 and arm64. */
  static native long syscall(long number, long a, long b, long c, long d);
}
