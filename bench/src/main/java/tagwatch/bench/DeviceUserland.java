// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tagwatch.elf.ElfTagWriter;

/**
 * A private copy of busybox with all its applets. Tagging the machine's own would watch everybody
 * who runs it.
 *
 * @param executable the copy
 * @param bin folder of symbolic links to it
 */
record DeviceUserland(Path executable, Path bin) {
  /** A copy with a tag; an untagged one has the tag -1. */
  static DeviceUserland in(Path folder, int tag) throws IOException {
    Path busybox = Lab.busybox();
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path copy = folder.resolve("busybox");
    Files.copy(busybox, copy);
    if (tag >= 0) {
      ElfTagWriter.set(copy, tag);
    }
    for (String applet : Lab.run(busybox.toString(), "--list").split("\\s+", -1)) {
      if (applet.matches("[\\w.\\-]+")) {
        Files.createSymbolicLink(bin.resolve(applet), copy);
      }
    }
    return new DeviceUserland(copy, bin);
  }

  /** A process of one of its applets that finds only the others. */
  ProcessBuilder applet(String name, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(bin.resolve(name).toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    return builder;
  }
}
