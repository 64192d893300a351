// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tagwatch.event.TaskKey;

/**
 * Tasks as {@code /proc} shows them, for a kernel side that names them by pid alone: the start time
 * tells a reused pid.
 */
final class Processes {
  /** {@code /proc/PID/stat} counts in hundredths of a second, whatever the kernel's own clock. */
  private static final long TICK_NANOS = 10_000_000;

  private static final int PARENT = 1;
  private static final int START_TIME = 19;

  private Processes() {}

  /** Null if there is no such task. */
  static TaskKey task(int pid) {
    String[] fields = stat(pid);
    return fields == null
        ? null
        : new TaskKey(pid, Long.parseLong(fields[START_TIME]) * TICK_NANOS);
  }

  /** The process of a task; the task itself if it is gone. */
  static TaskKey process(TaskKey task) {
    try {
      Path status = Path.of("/proc", Integer.toString(task.threadId()), "status");
      for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("Tgid:")) {
          TaskKey leader = task(Integer.parseInt(line.substring("Tgid:".length()).strip()));
          return leader == null ? task : leader;
        }
      }
    } catch (IOException e) {
      return task;
    }
    return task;
  }

  /** The parent's process id; 0 if the task is gone. */
  static int parent(int pid) {
    String[] fields = stat(pid);
    return fields == null ? 0 : Integer.parseInt(fields[PARENT]);
  }

  /** The fields after the name, which may hold anything. */
  private static String[] stat(int pid) {
    if (pid < 1) {
      return null;
    }
    try {
      String line =
          Files.readString(
              Path.of("/proc", Integer.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
      return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException e) {
      return null;
    }
  }
}
