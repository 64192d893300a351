// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct tw_familiar}, mapped: which hook after which one need not wake a busy agent. */
final class Familiar {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer words;

  Familiar(ByteBuffer words) {
    this.words = words;
  }

  /** Any thread. */
  void mark(int tag, int previousHook, int hook) {
    int bit = Layout.familiarBit(tag, previousHook, hook);
    long ignored =
        (long) LONG.getAndBitwiseOr(words, bit / Long.SIZE * Long.BYTES, 1L << (bit % Long.SIZE));
  }
}
