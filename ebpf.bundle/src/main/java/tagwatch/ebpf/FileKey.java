// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A file as the kernel names it, {@code struct tw_file}. Comes from the kernel always; on overlayfs
 * a key made from stat(2) would never match.
 */
record FileKey(long device, long inode, long size, long mtimeS, long mtimeNs) {

  static FileKey read(ByteBuffer from, int offset) {
    return new FileKey(
        from.getLong(offset),
        from.getLong(offset + 8),
        from.getLong(offset + 16),
        from.getLong(offset + 24),
        from.getLong(offset + 32));
  }

  ByteBuffer bytes() {
    return ByteBuffer.allocate(Layout.FILE_SIZE)
        .order(ByteOrder.nativeOrder())
        .putLong(device)
        .putLong(inode)
        .putLong(size)
        .putLong(mtimeS)
        .putLong(mtimeNs);
  }
}
