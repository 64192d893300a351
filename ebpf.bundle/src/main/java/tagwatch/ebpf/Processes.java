// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Native;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import tagwatch.event.TaskKey;

/** Tagged processes as the kernel sees them now, and signals to them. Any thread may call. */
final class Processes {
  private final BpfIterator dump;

  Processes(BpfIterator dump) {
    this.dump = dump;
  }

  /** Processes that have a living task whose image fits. */
  Set<TaskKey> where(Predicate<Image> fits) throws IOException {
    Set<TaskKey> processes = new LinkedHashSet<>();
    Image.ofAll(
        dump,
        image -> {
          if (!image.exited() && fits.test(image)) {
            processes.add(image.process());
          }
        });
    return processes;
  }

  /** The image of a task; null if it is gone or not tagged. */
  Image imageOf(TaskKey task) {
    return SnapshotReader.imageOf(dump, task.threadId(), task.startTimeNs());
  }

  /** Sends a signal to exactly that process; false if it is gone. */
  boolean signal(TaskKey process, int signal) throws IOException {
    long fd = LibC.syscall(LibC.SYS_PIDFD_OPEN, process.threadId(), 0, 0, 0);
    if (fd < 0) {
      return gone("pidfd_open of " + process);
    }
    try (Descriptor pidfd = new Descriptor((int) fd)) {
      // looked up after the descriptor was opened: if the id still means this process, so does it
      if (imageOf(process) == null) {
        return false;
      }
      if (LibC.syscall(LibC.SYS_PIDFD_SEND_SIGNAL, pidfd.fd(), signal, 0, 0) < 0) {
        return gone("signal " + signal + " to " + process);
      }
      return true;
    }
  }

  private static boolean gone(String call) throws IOException {
    int errno = Native.getLastError();
    if (errno == LibC.ESRCH) {
      return false;
    }
    throw new NativeException(call, errno);
  }
}
