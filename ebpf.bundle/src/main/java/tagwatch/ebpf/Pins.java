// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of the BPF file system that keeps the kernel part alive without an agent. The control
 * map is pinned last: without it, what lies there is the rest of an interrupted start.
 */
final class Pins {
  static final Path BPF_FILE_SYSTEM = Path.of("/sys/fs/bpf");
  static final String CONTROL = "control";

  private final Path directory;

  /** The folder of that name, which {@link Settings} has checked. */
  Pins(String name) {
    directory = BPF_FILE_SYSTEM.resolve(name);
  }

  Path directory() {
    return directory;
  }

  Path of(String name) {
    return directory.resolve(name);
  }

  boolean complete() {
    return Files.exists(of(CONTROL));
  }

  /** An empty folder, on a BPF file system that is mounted if it was not. */
  void prepare() throws IOException {
    mount();
    remove();
    Files.createDirectory(directory);
  }

  static boolean mounted() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.anyMatch(
          line -> line.split(" ", 6)[4].equals("/sys/fs/bpf") && line.contains(" - bpf "));
    }
  }

  private static void mount() throws IOException {
    if (!mounted() && LibC.mount("bpf", BPF_FILE_SYSTEM.toString(), "bpf", 0, null) != 0) {
      throw new NativeException("mount -t bpf bpf " + BPF_FILE_SYSTEM, Native.getLastError());
    }
  }

  /** Removes every pin, links first, so that nothing fires into maps that are going away. */
  List<String> remove() throws IOException {
    List<String> removed = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return removed;
    }
    for (String glob : List.of("link_*", "*")) {
      try (DirectoryStream<Path> pins = Files.newDirectoryStream(directory, glob)) {
        for (Path pin : pins) {
          Files.delete(pin);
          removed.add(pin.getFileName().toString());
        }
      }
    }
    Files.delete(directory);
    return removed;
  }
}
