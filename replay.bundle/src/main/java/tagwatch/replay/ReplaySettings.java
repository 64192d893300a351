// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What is configured.
 *
 * @param files the recordings, played one after the other
 * @param speed when events are due
 * @param loops how often the list is played; 0 without end
 * @param processes parallel sets of processes, at most {@link #MAX_PROCESSES}
 * @param ringCapacity events between schedule and poll
 */
record ReplaySettings(List<Path> files, Speed speed, int loops, int processes, int ringCapacity) {
  /** Thread ids of the sets lie 2^22 apart, and no kernel gives a larger one. */
  static final int MAX_PROCESSES = 256;

  private static final int MAX_CAPACITY = 1 << 24;

  ReplaySettings {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("file is empty: name at least one recording");
    }
    within("loop", loops, 0, Integer.MAX_VALUE);
    within("processes", processes, 1, MAX_PROCESSES);
    within("ring.capacity", ringCapacity, processes, MAX_CAPACITY);
  }

  static ReplaySettings of(
      String[] files, String speed, int loops, int processes, int ringCapacity) {
    return new ReplaySettings(
        List.of(files).stream().map(ReplaySettings::path).toList(),
        Speed.parse(speed),
        loops,
        processes,
        ringCapacity);
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("file is no path: " + file, e);
    }
  }

  private static void within(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          field + " out of range " + min + ".." + max + ": " + value);
    }
  }
}
