// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.bpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An iterator program: each run walks the kernel's tasks and gives what the program wrote. */
final class BpfIterator implements AutoCloseable {
  private static final int CHUNK = 1 << 15;
  private static final int OPTIONS = 64;
  private static final int LINK_INFO = 16;

  private final String name;
  private final Descriptor program;

  BpfIterator(String name, Descriptor program) {
    this.name = name;
    this.program = program;
  }

  /** Over all tasks. */
  ByteBuffer run() throws NativeException {
    return run(0);
  }

  /**
   * Over one task; empty also if there is no such task.
   *
   * @param tid 0 for all
   */
  ByteBuffer run(int tid) throws NativeException {
    try (Memory linkInfo = new Memory(LINK_INFO);
        Memory options = new Memory(OPTIONS)) {
      linkInfo.clear();
      linkInfo.setInt(0, tid);
      options.clear();
      options.setLong(0, OPTIONS);
      options.setPointer(16, linkInfo);
      options.setInt(24, LINK_INFO);
      int link = LibBpf.bpf_link_create(program.fd(), 0, LibBpf.BPF_TRACE_ITER, options);
      if (link == -LibC.ESRCH) {
        return ByteBuffer.allocate(0);
      }
      try (Descriptor attached = new Descriptor(bpf(link, "bpf_link_create of " + name));
          Descriptor walk =
              new Descriptor(
                  bpf(LibBpf.bpf_iter_create(attached.fd()), "bpf_iter_create of " + name))) {
        return readAll(walk);
      }
    }
  }

  private ByteBuffer readAll(Descriptor walk) throws NativeException {
    byte[] bytes = new byte[0];
    int length = 0;
    try (Memory chunk = new Memory(CHUNK)) {
      while (true) {
        int read = (int) LibC.read(walk.fd(), chunk, CHUNK);
        if (read == 0) {
          return ByteBuffer.wrap(bytes, 0, length).slice().order(ByteOrder.nativeOrder());
        }
        if (read > 0) {
          if (length + read > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + read));
          }
          chunk.read(0, bytes, length, read);
          length += read;
        } else if (Native.getLastError() != LibC.EINTR && Native.getLastError() != EAGAIN) {
          throw new NativeException("read of iterator " + name, Native.getLastError());
        }
      }
    }
  }

  // the kernel gives up the processor after a million objects that wrote nothing
  private static final int EAGAIN = 11;

  @Override
  public void close() {
    program.close();
  }
}
