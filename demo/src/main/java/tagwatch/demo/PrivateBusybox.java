// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tagwatch.elf.ElfTagWriter;

/**
 * A copy of busybox of its own with a tag, and a {@code bin} folder with all its applets: the
 * userland of a small device. Tagging the machine's own busybox would watch everybody who runs it.
 *
 * @param executable the tagged copy
 * @param bin folder of symbolic links, one for each applet
 * @param tag its tag
 */
record PrivateBusybox(Path executable, Path bin, int tag) {
  /** The machine's busybox. */
  static Path installed() throws DemoException {
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      Path file = Path.of(folder, "busybox");
      if (!folder.isEmpty() && Files.isExecutable(file)) {
        return file;
      }
    }
    throw new DemoException(
        "busybox is not on the PATH ("
            + System.getenv("PATH")
            + "); install it, on Debian: apt-get install busybox");
  }

  /** Copies it into a folder, which is created, and tags the copy. */
  static PrivateBusybox copy(Path busybox, Path folder, int tag) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path copy = folder.resolve("busybox");
    Files.copy(busybox, copy);
    ElfTagWriter.set(copy, tag);
    for (String applet : applets(busybox)) {
      Files.createSymbolicLink(bin.resolve(applet), copy);
    }
    return new PrivateBusybox(copy, bin, tag);
  }

  Watched watched() {
    return new Watched(executable, tag);
  }

  private static List<String> applets(Path busybox) throws IOException {
    Process process =
        new ProcessBuilder(busybox.toString(), "--list").redirectErrorStream(true).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      return lines.lines().filter(name -> name.matches("[\\w.\\-]+|\\[\\[?")).toList();
    }
  }
}
