// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A busybox HTTP server on loopback with a static page and a CGI program. */
final class WebServer implements AutoCloseable {
  private static final long START_LIMIT_MS = 5_000;
  static final String PAGE = "/index.html";
  static final String CGI = "/cgi-bin/hello.cgi";

  private final DeviceUserland userland;
  private final Process process;
  private final int port;

  private WebServer(DeviceUserland userland, Process process, int port) {
    this.userland = userland;
    this.process = process;
    this.port = port;
  }

  /** Starts one from a copy of its own, and waits until it answers; -1 is no tag. */
  static WebServer start(Lab lab, int tag) throws IOException {
    Path folder = lab.freshFolder("web");
    DeviceUserland userland = DeviceUserland.in(folder, tag);
    Path root = site(folder, userland);
    Path configuration = Files.createFile(folder.resolve("httpd.conf"));
    int port = freePort();
    Process process =
        userland
            .applet(
                "httpd",
                "-f",
                "-p",
                "127.0.0.1:" + port,
                "-h",
                root.toString(),
                // its own file: else the machine's /etc/httpd.conf would decide
                "-c",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(folder.resolve("httpd.log").toFile()))
            .start();
    WebServer server = new WebServer(userland, process, port);
    lab.atEnd(server::close);
    server.awaitAnswer();
    return server;
  }

  private static Path site(Path folder, DeviceUserland userland) throws IOException {
    Path root = Files.createDirectory(folder.resolve("www"));
    Path page = root.resolve("index.html");
    Files.writeString(page, "<p>status: all is well</p>\n".repeat(60));
    Path cgi = Files.createDirectory(root.resolve("cgi-bin")).resolve("hello.cgi");
    Files.writeString(
        cgi,
        """
        #!%s
        echo "Content-Type: text/html"
        echo
        echo "<p>$QUERY_STRING</p>"
        cat %s
        """
            .formatted(userland.bin().resolve("sh"), page));
    Files.setPosixFilePermissions(cgi, PosixFilePermissions.fromString("rwxr-xr-x"));
    return root;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + START_LIMIT_MS * 1_000_000;
    while (true) {
      try {
        HttpLoad.request(port, PAGE);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw new BenchException("busybox httpd does not answer on port " + port, e);
        }
        Lab.pause(20);
      }
    }
  }

  int port() {
    return port;
  }

  Path executable() {
    return userland.executable();
  }

  /** Ends the server with everything that it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
