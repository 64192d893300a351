// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What an iterator program writes, a part at a time: the images of ten thousand tasks together are
 * as big as the agent's whole heap. The kernel goes on where the part before ended.
 */
final class Walk implements AutoCloseable {
  /** The size of the kernel's own buffer, so that a part is what it filled once. */
  private static final int PART = 1 << 15;

  private static final int EAGAIN = 11;

  private final String name;
  private final Descriptor walk;
  private final int recordSize;
  private final Memory memory;
  private final ByteBuffer part;

  /**
   * @param walk null for a walk over nothing
   */
  Walk(String name, Descriptor walk, int recordSize) {
    this.name = name;
    this.walk = walk;
    this.recordSize = recordSize;
    // not a direct buffer: those are freed by the collector, and a verdict takes several walks
    memory = new Memory(PART + recordSize);
    part = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder()).limit(0);
  }

  /** The next records, whole ones only, valid until the next call or the end; empty at the end. */
  ByteBuffer next() throws NativeException {
    part.position(part.limit() - part.limit() % recordSize);
    part.compact();
    while (part.position() < recordSize && read() > 0) {
      // a record that the end of a part cuts is completed by the next one
    }
    part.flip();
    return part.slice().limit(part.limit() - part.limit() % recordSize).order(part.order());
  }

  private int read() throws NativeException {
    while (walk != null) {
      int read = (int) LibC.read(walk.fd(), memory.share(part.position()), PART);
      if (read >= 0) {
        part.position(part.position() + read);
        return read;
      }
      // EAGAIN: the kernel gives up the processor after a million objects that wrote nothing
      if (Native.getLastError() != LibC.EINTR && Native.getLastError() != EAGAIN) {
        throw new NativeException("read of iterator " + name, Native.getLastError());
      }
    }
    return 0;
  }

  /** After it no buffer of this walk may be touched. */
  @Override
  public void close() {
    if (walk != null) {
      walk.close();
    }
    memory.close();
  }
}
