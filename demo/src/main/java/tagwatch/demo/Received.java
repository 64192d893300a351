// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What comes over a connection until it ends, in whatever way: an attacker keeps what he got. */
final class Received {
  private Received() {}

  static byte[] all(InputStream in) {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        received.write(buffer, 0, got);
      }
    } catch (IOException e) {
      // a killed server resets the connection, a stopped one says nothing more
      return received.toByteArray();
    }
    return received.toByteArray();
  }

  /** The answer to a GET, as far as it came. */
  static String get(int port, String target, int timeoutMs) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(timeoutMs);
      String head = "GET " + target + " HTTP/1.1\r\nHost: device\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      return new String(all(socket.getInputStream()), StandardCharsets.UTF_8);
    }
  }
}
