// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The BPF ring buffer in this process, {@code kernel/bpf/ringbuf.c}.
 *
 * <pre>
 *   page 0            page 1            size bytes      first page of the data again
 *   +-----------------+-----------------+---------------+------+
 *   |consumer position|producer position| data          |      |
 *   +-----------------+-----------------+---------------+------+
 * </pre>
 *
 * The kernel maps the data twice, so that a record is never torn at the end. One page of the second
 * mapping is enough here because no record is longer; the rest would only count as memory of the
 * agent. A record begins with its length, bit 31 busy, bit 30 discarded, and is aligned to 8.
 */
final class Ring implements AutoCloseable {
  static final int HEADER = 8;
  static final int DISCARDED = 1 << 30;
  static final int LENGTH = DISCARDED - 1;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Mapping consumer;
  private final Mapping producer;
  private final Mapping data;
  private final ByteBuffer consumerPage;
  private final ByteBuffer producerPage;

  Ring(int fd, int size) throws NativeException {
    consumer = Mapping.of(fd, 0, Mapping.PAGE, true);
    producer = Mapping.of(fd, Mapping.PAGE, Mapping.PAGE, false);
    data = Mapping.of(fd, 2 * Mapping.PAGE, size + Mapping.PAGE, false);
    consumerPage = consumer.buffer();
    producerPage = producer.buffer();
  }

  /** Records, from {@code position % size}. */
  ByteBuffer data() {
    return data.buffer();
  }

  /** Where reading goes on; only the reader moves it. */
  long consumerPosition() {
    return (long) LONG.getAcquire(consumerPage, 0);
  }

  /** End of what is reserved; what lies before it may still be busy. */
  long producerPosition() {
    return (long) LONG.getAcquire(producerPage, 0);
  }

  /** Gives everything before back to the kernel. */
  void release(long position) {
    LONG.setRelease(consumerPage, 0, position);
  }

  /** Header of a record, with acquire: negative while the kernel still writes it. */
  static int header(ByteBuffer data, int offset) {
    return (int) INT.getAcquire(data, offset);
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
    data.close();
  }
}
