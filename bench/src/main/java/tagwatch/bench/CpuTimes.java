// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * CPU time of a process's threads at one moment.
 *
 * @param nanos thread name to nanoseconds on a processor; threads of one name are added
 */
record CpuTimes(Map<String, Long> nanos) {
  private static final long NANOS_PER_TICK = 10_000_000;

  CpuTimes {
    nanos = Map.copyOf(nanos);
  }

  /**
   * Reads {@code /proc/PID/task}.
   *
   * @param names of the threads to look at, by thread id
   */
  static CpuTimes of(long pid, Map<Long, String> names) throws IOException {
    Map<String, Long> nanos = new HashMap<>();
    for (Map.Entry<Long, String> thread : names.entrySet()) {
      Path folder = Path.of("/proc", Long.toString(pid), "task", Long.toString(thread.getKey()));
      nanosOf(folder).ifPresent(time -> nanos.merge(thread.getValue(), time, Long::sum));
    }
    return new CpuTimes(nanos);
  }

  /** Empty for a thread that has ended: one that is needed shows by its absence. */
  private static OptionalLong nanosOf(Path thread) throws IOException {
    Path schedstat = thread.resolve("schedstat");
    try {
      return OptionalLong.of(
          Files.exists(schedstat)
              ? ofSchedstat(Files.readString(schedstat))
              : ofStat(Files.readString(thread.resolve("stat"))));
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /** {@code schedstat}: time on a processor, time waiting for one, slices. */
  static long ofSchedstat(String line) {
    return Long.parseLong(line.strip().split(" ", 2)[0]);
  }

  /** {@code stat}, in ticks of 10 ms, for kernels without CONFIG_SCHED_INFO. */
  static long ofStat(String line) {
    // the name in brackets may hold anything, brackets and blanks included
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
  }

  /** Time since an earlier moment of all threads whose name begins so. */
  long since(CpuTimes before, String prefix) {
    return sum(prefix) - before.sum(prefix);
  }

  private long sum(String prefix) {
    return nanos.entrySet().stream()
        .filter(thread -> thread.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
