// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder of the socket: who may enter, and which agent owns the place. */
final class SocketFolder {
  private static final Set<PosixFilePermission> OWNER_ENTERS =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OWNER_WRITES =
      PosixFilePermissions.fromString("rw-------");
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private SocketFolder() {}

  /**
   * Makes the folder if need be, and removes the socket of an agent that is dead.
   *
   * @return the lock that makes this process the only one to listen here, until it is closed
   */
  static FileChannel claim(Path socket) throws IOException {
    Path folder = socket.toAbsolutePath().getParent();
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ENTERS));
    requireOurs(folder);
    Files.setPosixFilePermissions(folder, OWNER_ENTERS);
    refuseIfAlive(socket);
    FileChannel lock = lock(socket);
    try {
      removeStale(socket);
      return lock;
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  static void restrict(Path socket) throws IOException {
    Files.setPosixFilePermissions(socket, OWNER_WRITES);
  }

  private static void requireOurs(Path folder) throws IOException {
    Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Object ours = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !owner.equals(ours)) {
      throw new IOException(
          folder
              + " must be a folder of user "
              + ours
              + " and no link, but it belongs to user "
              + owner
              + "; remove it or use another home");
    }
  }

  private static void refuseIfAlive(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (int) Files.getAttribute(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & FILE_TYPE) != SOCKET) {
      throw new IOException(socket + " is in the way and is no socket; remove it");
    }
    if (answers(socket)) {
      throw new IOException("another agent listens on " + socket + "; stop it first");
    }
  }

  private static boolean answers(Path socket) {
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  // Of two agents that find the same dead socket, the slower one would remove the live socket of
  // the faster. The lock goes with its process, however that ends.
  private static FileChannel lock(Path socket) throws IOException {
    Path file = socket.resolveSibling(socket.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw new IOException("another shell in this process holds " + file, e);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException("another agent holds " + file + "; stop it first");
    }
    return channel;
  }

  private static void removeStale(Path socket) throws IOException {
    refuseIfAlive(socket);
    Files.deleteIfExists(socket);
  }
}
