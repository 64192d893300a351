// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static tagwatch.ebpf.NativeException.checked;

import com.sun.jna.Memory;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sleeping until the ring has something. While the agent is busy the kernel sends no wake-up, which
 * would cost it more than the event; before it sleeps the agent says so and looks once more, and
 * the first event after that wakes it.
 */
final class WakeUp implements AutoCloseable {
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_MILLIS = 1_000;
  // packed on x86-64 only, 16 bytes elsewhere; the events come first in both
  private static final int EPOLL_EVENT = 16;

  private final Control control;
  private final Ring ring;
  private final Descriptor epoll;
  private final Memory event = new Memory(EPOLL_EVENT);

  WakeUp(KernelPart kernel) throws NativeException {
    control = kernel.control();
    ring = kernel.ring();
    epoll = new Descriptor(checked(LibC.epoll_create1(LibC.EPOLL_CLOEXEC), "epoll_create1"));
    event.clear();
    // by edge: what lies in the ring unread, since it was ordinary, must not end the next sleep
    event.setInt(0, LibC.EPOLLIN | LibC.EPOLLET);
    checked(
        LibC.epoll_ctl(epoll.fd(), LibC.EPOLL_CTL_ADD, kernel.eventsFd(), event),
        "epoll_ctl of the ring");
  }

  /** Returns at once if there is something behind {@code position}. */
  void await(long position, long maxNanos) {
    if (maxNanos < SHORT_NANOS) {
      // shorter than what a wake-up saves: the kernel need not know
      if (maxNanos > 0) {
        LockSupport.parkNanos(maxNanos);
      }
      return;
    }
    control.value(Layout.CONTROL_SLEEPING, Layout.SLEEP_ANY);
    VarHandle.fullFence();
    if (ring.producerPosition() == position) {
      sleep(maxNanos);
    }
    control.value(Layout.CONTROL_SLEEPING, Layout.SLEEP_NONE);
  }

  /** Sleeps until an event comes that is not marked as familiar; true if one did. */
  boolean awaitUnfamiliar(long maxNanos) {
    control.value(Layout.CONTROL_SLEEPING, Layout.SLEEP_UNFAMILIAR);
    int woken = sleep(maxNanos);
    control.value(Layout.CONTROL_SLEEPING, Layout.SLEEP_NONE);
    return woken > 0;
  }

  private int sleep(long maxNanos) {
    long millis = Math.min(LONGEST_MILLIS, TimeUnit.NANOSECONDS.toMillis(maxNanos));
    return LibC.epoll_wait(epoll.fd(), event, 1, (int) millis);
  }

  @Override
  public void close() {
    epoll.close();
    event.close();
  }
}
