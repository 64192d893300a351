// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.bpf;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An iterator program: each run walks the kernel's tasks and gives what the program wrote. */
final class BpfIterator implements AutoCloseable {
  private static final int OPTIONS = 64;
  private static final int LINK_INFO = 16;

  private final String name;
  private final Descriptor program;

  BpfIterator(String name, Descriptor program) {
    this.name = name;
    this.program = program;
  }

  /** Over all tasks; for programs that write little. */
  ByteBuffer run() throws NativeException {
    return run(0);
  }

  /**
   * Over one task; empty also if there is no such task.
   *
   * @param tid 0 for all
   */
  ByteBuffer run(int tid) throws NativeException {
    try (Walk walk = walk(tid, 1)) {
      byte[] bytes = new byte[0];
      for (ByteBuffer part = walk.next(); part.hasRemaining(); part = walk.next()) {
        int length = bytes.length;
        bytes = Arrays.copyOf(bytes, length + part.remaining());
        part.get(bytes, length, part.remaining());
      }
      return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
  }

  /**
   * Begins to walk over all tasks.
   *
   * @param recordSize bytes that the program writes for a task
   */
  Walk walk(int recordSize) throws NativeException {
    return walk(0, recordSize);
  }

  private Walk walk(int tid, int recordSize) throws NativeException {
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
        return new Walk(name, null, recordSize);
      }
      // the walk keeps the link alive by itself
      try (Descriptor attached = new Descriptor(bpf(link, "bpf_link_create of " + name))) {
        int walk = bpf(LibBpf.bpf_iter_create(attached.fd()), "bpf_iter_create of " + name);
        return new Walk(name, new Descriptor(walk), recordSize);
      }
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
