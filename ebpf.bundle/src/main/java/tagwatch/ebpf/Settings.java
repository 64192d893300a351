// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.util.List;

/**
 * What can be configured.
 *
 * @param ringBytes size of the ring, a power of two from one page to 1 GiB; used when the programs
 *     are loaded, not when pinned ones are taken over
 * @param pinDirectory name below {@code /sys/fs/bpf}
 * @param snapshotMillis snapshot mode: time between two fetches
 * @param executables paths or globs of tagged programs to know before they are executed first
 */
record Settings(int ringBytes, String pinDirectory, int snapshotMillis, List<String> executables) {
  /** What holds without a configuration. */
  static final Settings DEFAULT = new Settings(4 << 20, "tagwatch", 100, List.of());

  /** {@link IllegalArgumentException} names the field, the value and the range. */
  Settings {
    if (ringBytes < Mapping.PAGE || ringBytes > 1 << 30 || Integer.bitCount(ringBytes) != 1) {
      throw new IllegalArgumentException(
          "ring.bytes=" + ringBytes + " is no power of two from 4096 to 1073741824");
    }
    if (snapshotMillis < 1 || snapshotMillis > 60_000) {
      throw new IllegalArgumentException(
          "snapshot.millis=" + snapshotMillis + " is out of range 1 to 60000");
    }
    if (!pinDirectory.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException(
          "pin.directory='" + pinDirectory + "' is no name of letters, digits, - and _ (1 to 64)");
    }
    executables = List.copyOf(executables);
  }
}
