// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.elf.ElfFile;
import tagwatch.elf.ElfFormatException;
import tagwatch.event.Executable;

/** What processes run, with build ids. Belongs to the drain. */
final class Programs {
  private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
  private static final int REMEMBERED = 4096;
  private static final String IDENTITY = "unix:dev,ino,size,lastModifiedTime";

  private final Map<Map<String, Object>, Executable> known = new HashMap<>();

  /** The program that a process runs now; {@link Executable#UNKNOWN} if it is gone. */
  Executable of(int tgid) {
    try {
      return read(Path.of("/proc", Integer.toString(tgid), "exe"), "");
    } catch (IOException e) {
      LOG.trace("process {} is gone: {}", tgid, e.toString());
      return Executable.UNKNOWN;
    }
  }

  /**
   * The program that a process executed just now.
   *
   * @param path as the kernel resolved it, in case that the process is gone or runs another already
   */
  Executable of(int tgid, String path) {
    Executable now = of(tgid);
    if (path.isEmpty() || now.path().equals(path) || cut(path, now.path())) {
      return now;
    }
    try {
      return read(Path.of(path), path);
    } catch (IOException | IllegalArgumentException e) {
      return new Executable(path, "");
    }
  }

  private static boolean cut(String path, String whole) {
    return path.length() >= Protocol.PATH_MAX - 1 && whole.startsWith(path);
  }

  private Executable read(Path file, String path) throws IOException {
    Map<String, Object> identity = Files.readAttributes(file, IDENTITY);
    Executable executable = known.get(identity);
    if (executable == null) {
      if (known.size() >= REMEMBERED) {
        known.clear();
      }
      executable =
          new Executable(path.isEmpty() ? Files.readSymbolicLink(file).toString() : path, id(file));
      known.put(identity, executable);
    }
    return executable;
  }

  private static String id(Path file) throws IOException {
    try (ElfFile elf = ElfFile.open(file)) {
      return elf.buildId();
    } catch (ElfFormatException e) {
      return "";
    }
  }
}
