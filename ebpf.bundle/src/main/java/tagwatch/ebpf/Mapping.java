// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Kernel memory in this process. Touching a buffer of it after {@link #close()} crashes the JVM:
 * the owner joins every reader first.
 */
final class Mapping implements AutoCloseable {
  static final int PAGE = 4096;

  private final Pointer address;
  private final long length;
  private final ByteBuffer buffer;
  private boolean open = true;

  private Mapping(Pointer address, int length) {
    this.address = address;
    this.length = length;
    this.buffer = address.getByteBuffer(0, length).order(ByteOrder.nativeOrder());
  }

  /** Maps {@code length} bytes of a map from {@code offset}, rounded up to whole pages. */
  static Mapping of(int fd, int offset, int length, boolean writable) throws NativeException {
    int whole = (length + PAGE - 1) & -PAGE;
    int protection = LibC.PROT_READ | (writable ? LibC.PROT_WRITE : 0);
    Pointer address = LibC.mmap(null, whole, protection, LibC.MAP_SHARED, fd, offset);
    if (Pointer.nativeValue(address) == -1) {
      throw new NativeException("mmap of " + whole + " bytes of a map", Native.getLastError());
    }
    return new Mapping(address, whole);
  }

  /** In native byte order. */
  ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      LibC.munmap(address, length);
    }
  }
}
