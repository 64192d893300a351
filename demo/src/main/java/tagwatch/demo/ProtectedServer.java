// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A busybox HTTP server on loopback that runs until it is closed. */
final class ProtectedServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(5);

  private final PrivateBusybox busybox;
  private final Site site;
  private final int port;
  private Process process;

  private ProtectedServer(PrivateBusybox busybox, Site site, int port) {
    this.busybox = busybox;
    this.site = site;
    this.port = port;
  }

  /**
   * Starts it and returns once it answers.
   *
   * @param port 0 for any free one
   */
  static ProtectedServer start(PrivateBusybox busybox, Site site, int port)
      throws IOException, DemoException, InterruptedException {
    ProtectedServer server = new ProtectedServer(busybox, site, port == 0 ? freePort() : port);
    server.start();
    return server;
  }

  /** Ends it and starts it again, as after an update. */
  void restart() throws IOException, DemoException, InterruptedException {
    close();
    start();
  }

  /** Has it read its configuration again. */
  void reload() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
  }

  private void start() throws IOException, DemoException, InterruptedException {
    Path log = log();
    ProcessBuilder builder =
        new ProcessBuilder(
            busybox.bin().resolve("httpd").toString(),
            "-f",
            "-p",
            "127.0.0.1:" + port,
            "-h",
            site.root().toString(),
            // its own file: else the machine's /etc/httpd.conf would decide
            "-c",
            site.configuration().toString());
    builder.environment().clear();
    builder.environment().put("PATH", busybox.bin() + ":/usr/bin:/bin");
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    process = builder.directory(site.root().toFile()).start();
    awaitAnswer(log);
  }

  /** What it says; whoever rotates it copies and empties it. */
  Path log() {
    return site.root().resolveSibling("httpd.log");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitAnswer(Path log) throws IOException, DemoException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!alive()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String said = Files.readString(log).strip();
        close();
        throw new DemoException(
            "the HTTP server on 127.0.0.1:" + port + " does not answer: '" + said + "'");
      }
      Thread.sleep(20);
    }
  }

  PrivateBusybox busybox() {
    return busybox;
  }

  Site site() {
    return site;
  }

  int port() {
    return port;
  }

  int tag() {
    return busybox.tag();
  }

  long pid() {
    return process.pid();
  }

  /** Whether its process runs and it answers as it should. */
  boolean alive() {
    return process.isAlive() && site.front().pay(port).isEmpty();
  }

  /** Ends the server with everything that it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
