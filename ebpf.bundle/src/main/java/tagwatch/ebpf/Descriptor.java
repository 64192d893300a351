// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.bpf;
import static tagwatch.ebpf.NativeException.checked;

import java.nio.file.Path;

/** A file descriptor that is closed once. */
final class Descriptor implements AutoCloseable {
  private int fd;

  Descriptor(int fd) {
    this.fd = fd;
  }

  /** Opens a file for reading. */
  static Descriptor open(Path path) throws NativeException {
    int fd = LibC.open(path.toString(), LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
    return new Descriptor(checked(fd, "open " + path));
  }

  /** What is pinned at that path. */
  static Descriptor pinned(Path path) throws NativeException {
    return new Descriptor(bpf(LibBpf.bpf_obj_get(path.toString()), "bpf_obj_get " + path));
  }

  /** The number; the kernel answers EBADF to it once closed. */
  int fd() {
    return fd;
  }

  @Override
  public void close() {
    if (fd >= 0) {
      LibC.close(fd);
      fd = -1;
    }
  }
}
