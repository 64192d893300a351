// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a Unix socket and holds conversations, each on a thread of its own.
 *
 * <p>There is no password: the socket has mode 0600 in a folder of mode 0700, both owned by the
 * user that runs the agent. It runs as root, so root alone can open the socket.
 */
final class SocketServer implements AutoCloseable {
  /** Conversations at a time; a person has one, a script a few, and each may run a command. */
  static final int CONVERSATIONS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(SocketServer.class);

  private final Path socket;
  private final FileChannel lock;
  private final ServerSocketChannel server;
  private final Host host;
  private final Semaphore seats = new Semaphore(CONVERSATIONS);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  /** Holds one conversation; returns when it is over, and is interrupted when the server closes. */
  @FunctionalInterface
  interface Host {
    void converse(SocketChannel channel) throws IOException;
  }

  private SocketServer(Path socket, FileChannel lock, ServerSocketChannel server, Host host) {
    this.socket = socket;
    this.lock = lock;
    this.server = server;
    this.host = host;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "tagwatch-shell");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts to listen. The socket of an agent that is dead is replaced.
   *
   * @throws IOException names what is in the way: an agent that lives, a folder of somebody else
   */
  static SocketServer open(Path socket, Host host) throws IOException {
    FileChannel lock = SocketFolder.claim(socket);
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        // Until its mode is set the socket has the process's default one. That opens no door,
        // because nobody else can get into the folder.
        server.bind(UnixDomainSocketAddress.of(socket));
        SocketFolder.restrict(socket);
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
      SocketServer listening = new SocketServer(socket, lock, server, host);
      listening.threads.execute(listening::accept);
      return listening;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Stops listening, ends all conversations and removes the socket. */
  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
    threads.shutdownNow();
    awaitEnd();
    Files.deleteIfExists(socket);
    lock.close();
  }

  private void awaitEnd() {
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("commands still run 5 s after their shell on {} was closed", socket);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        seat(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Out of descriptors, for instance: conversations that end make room.
        LOG.warn("shell on {}: {}", socket, e.toString());
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void seat(SocketChannel channel) throws IOException, InterruptedException {
    // A seat is free a moment after its client has its last answer: wait for that moment.
    if (!seats.tryAcquire(500, TimeUnit.MILLISECONDS)) {
      refuse(channel);
      return;
    }
    open.add(channel);
    threads.execute(
        () -> {
          try (channel) {
            host.converse(channel);
          } catch (IOException e) {
            LOG.debug("a conversation on {} broke off", socket, e);
          } finally {
            open.remove(channel);
            seats.release();
          }
        });
  }

  private void refuse(SocketChannel channel) throws IOException {
    try (channel) {
      new Answers(channel)
          .exit(
              CommandLine.Outcome.failed(
                  "the agent already holds " + CONVERSATIONS + " conversations; try again later"));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
