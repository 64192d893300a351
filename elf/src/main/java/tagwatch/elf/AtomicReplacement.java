// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A changed copy takes the place of a file in one step: whoever opens the path gets the old or the
 * new program, never half of one, and a running one keeps the old. A write in place would fail with
 * ETXTBSY while the program runs.
 */
final class AtomicReplacement {
  private static final String ATTRIBUTES = "unix:uid,gid,mode,nlink,ino,size,lastModifiedTime";
  private static final int COPY_SECONDS = 10;

  /** Changes the copy, then checks it. */
  interface Edit {
    void apply(Path copy) throws IOException;
  }

  private AtomicReplacement() {}

  /** Replaces {@code file}, which must not be a symbolic link. */
  static Replacement replace(Path file, Edit edit) throws IOException {
    Map<String, Object> before = attributes(file);
    String suffix = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path copy = file.resolveSibling("." + file.getFileName() + ".tagwatch-" + suffix);
    try {
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      requireSameOwner(file, before, attributes(copy));
      edit.apply(copy);
      boolean kept = restoreAttributes(file, before, copy);
      sync(copy);
      if (!attributes(file).equals(before)) {
        throw new IOException(
            file + ": was changed by another program meanwhile; nothing was written, try again");
      }
      Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
      sync(file.getParent());
      return new Replacement(file, (int) before.get("nlink") - 1, kept);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /** A set-user-id program in other hands would give away the wrong user's rights. */
  private static void requireSameOwner(
      Path file, Map<String, Object> before, Map<String, Object> copy) throws IOException {
    for (String id : new String[] {"uid", "gid"}) {
      if (!before.get(id).equals(copy.get(id))) {
        throw new IOException(
            file
                + ": a copy cannot have its "
                + id
                + " "
                + before.get(id)
                + " (it gets "
                + copy.get(id)
                + "); nothing was written, run as root");
      }
    }
  }

  /**
   * Writing to a file takes its capabilities and may take its set-user-id bit, so that both are put
   * back after the last write. Java can only set extended attributes of the user name space.
   */
  private static boolean restoreAttributes(Path file, Map<String, Object> before, Path copy)
      throws IOException {
    Files.setAttribute(copy, "unix:mode", before.get("mode"));
    Files.getFileAttributeView(copy, BasicFileAttributeView.class)
        .setTimes((FileTime) before.get("lastModifiedTime"), null, null);
    try {
      Process cp =
          new ProcessBuilder(
                  "cp",
                  "--attributes-only",
                  "--preserve=all",
                  "--",
                  file.toString(),
                  copy.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = cp.waitFor(COPY_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        cp.destroyForcibly();
      }
      return ended && cp.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static Map<String, Object> attributes(Path file) throws IOException {
    return Files.readAttributes(file, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
