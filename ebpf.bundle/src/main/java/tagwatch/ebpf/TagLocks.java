// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tagwatch.transport.TransportException;

/**
 * One agent per tag, and one reader per ring. Locks of the kernel: they vanish with the process
 * that holds them, however it ends.
 */
final class TagLocks implements AutoCloseable {
  private static final Path DIRECTORY = Path.of("/run/tagwatch");

  private final List<FileChannel> held = new ArrayList<>();

  private TagLocks() {}

  /**
   * Locks the pins and the tags.
   *
   * @throws TransportException names the lock and the process that holds it
   */
  static TagLocks take(String pins, Set<Integer> tags) throws IOException, TransportException {
    if (!Files.isDirectory(DIRECTORY)) {
      Files.createDirectories(DIRECTORY);
    }
    // whoever may read a lock file may hold a lock on it, and keep the agent from starting
    Files.setPosixFilePermissions(DIRECTORY, PosixFilePermissions.fromString("rwx------"));
    TagLocks locks = new TagLocks();
    try {
      locks.lock("pins-" + pins, "the pins " + pins);
      // in order, so that two agents never hold half each
      for (int tag : new TreeSet<>(tags)) {
        locks.lock("tag-" + tag, "tag " + tag);
      }
      return locks;
    } catch (IOException | TransportException e) {
      locks.close();
      throw e;
    }
  }

  private void lock(String name, String what) throws IOException, TransportException {
    Path file = DIRECTORY.resolve(name + ".lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    held.add(channel);
    if (!tryLock(channel)) {
      throw new TransportException(
          what
              + " is held by the agent with process id "
              + Files.readString(file).strip()
              + " (lock "
              + file
              + "): stop that agent, or give this one other tags and another pin directory");
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    for (FileChannel channel : held) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    held.clear();
  }
}
