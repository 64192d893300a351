// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/** A call into the C library or libbpf failed. The message carries the call and errno's text. */
final class NativeException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  NativeException(String call, int errno) {
    super(call + ": " + LibC.strerror(errno) + " (errno " + errno + ")");
    this.errno = errno;
  }

  int errno() {
    return errno;
  }

  /** For functions that return -1 and set errno. */
  static int checked(int result, String call) throws NativeException {
    if (result == -1) {
      throw new NativeException(call, Native.getLastError());
    }
    return result;
  }

  /** For libbpf's functions that return the negative errno. */
  static int bpf(int result, String call) throws NativeException {
    if (result < 0) {
      throw new NativeException(call, -result);
    }
    return result;
  }

  /** For libbpf's functions that return a pointer. */
  static Pointer bpf(Pointer result, String call) throws NativeException {
    if (result == null) {
      throw new NativeException(call, Native.getLastError());
    }
    return result;
  }
}
