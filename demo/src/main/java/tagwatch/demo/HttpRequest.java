// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One request to a server on loopback, over a plain socket: a library would keep connections, add
 * headers and follow redirects, and each of these shows in the system calls that are learned.
 *
 * @param method e.g. {@code GET}
 * @param target path and query
 * @param agent value of the header User-Agent
 * @param body URL-encoded form; empty for none
 * @param slow whether the body leaves a moment after the head, as many clients do it
 */
record HttpRequest(String method, String target, String agent, String body, boolean slow) {
  private static final long PAUSE_NS = 3_000_000;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  static HttpRequest get(String target) {
    return new HttpRequest("GET", target, "tagwatch-demo", "", false);
  }

  /** Sends the request and reads until the server closes. */
  HttpReply send(int port, Duration timeout) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, port), (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      socket.setTcpNoDelay(true);
      write(socket.getOutputStream());
      return HttpReply.parse(socket.getInputStream().readAllBytes());
    }
  }

  private void write(OutputStream out) throws IOException {
    if (slow) {
      out.write(head());
      // without the pause, head and body would arrive together now and then
      LockSupport.parkNanos(PAUSE_NS);
      out.write(bytes(body));
    } else {
      out.write(bytes(new String(head(), StandardCharsets.ISO_8859_1) + body));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] head() {
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: device\r\n");
    text.append("User-Agent: ").append(agent).append("\r\n");
    if (!body.isEmpty()) {
      text.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ");
      text.append(body.length()).append("\r\n");
    }
    return bytes(text.append("Connection: close\r\n\r\n").toString());
  }
}
