// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct tw_control} and the counters of the kernel part, mapped. */
final class Control implements AutoCloseable {
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final Mapping controlMapping;
  private final Mapping countersMapping;
  private final ByteBuffer control;
  private final ByteBuffer counters;
  private int nextAccount;

  Control(int controlFd, int countersFd) throws NativeException {
    controlMapping = Mapping.of(controlFd, 0, Layout.CONTROL_SIZE, true);
    control = controlMapping.buffer();
    int length = (cpus() + 1) * Layout.COUNTERS_SIZE;
    countersMapping = Mapping.of(countersFd, 0, length, false);
    counters = countersMapping.buffer();
  }

  int cpus() {
    return value(Layout.CONTROL_CPUS);
  }

  /** A 32-bit word of the structure. */
  int value(int offset) {
    return (int) INT.getVolatile(control, offset);
  }

  /** A volatile write, so that what was written before is seen before. */
  void value(int offset, int value) {
    INT.setVolatile(control, offset, value);
  }

  void agent(int tgid, long startTime) {
    LONG.setVolatile(control, Layout.CONTROL_AGENT_START, startTime);
    value(Layout.CONTROL_AGENT_TGID, tgid);
  }

  /** Sum over all processors of one of the {@code COUNTERS_} values. */
  long count(int offset) {
    long sum = 0;
    for (int cpu = 0; cpu <= cpus(); cpu++) {
      sum += (long) LONG.getOpaque(counters, cpu * Layout.COUNTERS_SIZE + offset);
    }
    return sum;
  }

  /** Events that agents have taken out of the kernel up to that position of the ring. */
  long consumedAt(long position) throws IOException {
    for (int slot = 0; slot < 2; slot++) {
      int at = Layout.CONTROL_ACCOUNT + slot * Layout.ACCOUNT_SIZE;
      if ((long) LONG.getVolatile(control, at + Layout.ACCOUNT_POSITION) == position) {
        nextAccount = 1 - slot;
        return (long) LONG.getVolatile(control, at + Layout.ACCOUNT_CONSUMED);
      }
    }
    throw new IOException(
        "the account of the ring does not know position " + position + "; run ./tagwatch unload");
  }

  /**
   * Written before the ring's position moves: an agent that is killed between the two leaves the
   * other slot, which still fits the old position.
   */
  void consumed(long position, long consumed) {
    int other = Layout.CONTROL_ACCOUNT + (1 - nextAccount) * Layout.ACCOUNT_SIZE;
    if ((long) LONG.getOpaque(control, other + Layout.ACCOUNT_POSITION) == position) {
      LONG.setOpaque(control, other + Layout.ACCOUNT_CONSUMED, consumed);
      return;
    }
    int at = Layout.CONTROL_ACCOUNT + nextAccount * Layout.ACCOUNT_SIZE;
    LONG.setOpaque(control, at + Layout.ACCOUNT_CONSUMED, consumed);
    LONG.setRelease(control, at + Layout.ACCOUNT_POSITION, position);
    nextAccount = 1 - nextAccount;
  }

  long lostSeen() {
    return (long) LONG.getOpaque(control, Layout.CONTROL_LOST_SEEN);
  }

  void lostSeen(long lost) {
    LONG.setOpaque(control, Layout.CONTROL_LOST_SEEN, lost);
  }

  @Override
  public void close() {
    controlMapping.close();
    countersMapping.close();
  }
}
