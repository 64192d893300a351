// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Visitors who ask as fast as they are answered, each request over a connection of its own. More of
 * them than processors, so that what the agent takes is missing to the server.
 */
final class HttpLoad {
  private static final int VISITORS = 4;
  private static final int TIMEOUT_MS = 5_000;

  private HttpLoad() {}

  /** Answered requests a second over that time. */
  static double rate(int port, String target, double seconds) throws IOException {
    ExecutorService visitors = Executors.newFixedThreadPool(VISITORS);
    try {
      long begin = System.nanoTime();
      long end = begin + (long) (seconds * 1e9);
      List<Callable<Long>> visits = new ArrayList<>();
      for (int visitor = 0; visitor < VISITORS; visitor++) {
        visits.add(() -> visit(port, target, end));
      }
      long answered = 0;
      for (Future<Long> visit : visitors.invokeAll(visits)) {
        answered += visit.get();
      }
      return answered * 1e9 / (System.nanoTime() - begin);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    } catch (ExecutionException e) {
      throw new BenchException("a request failed: " + e.getCause().getMessage(), e);
    } finally {
      visitors.shutdownNow();
    }
  }

  private static long visit(int port, String target, long end) throws IOException {
    long answered = 0;
    while (System.nanoTime() < end) {
      request(port, target);
      answered++;
    }
    return answered;
  }

  /** One request; anything but 200 is an error. */
  static void request(int port, String target) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
      socket
          .getOutputStream()
          .write(("GET " + target + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      String status = new String(answer, 0, Math.min(12, answer.length), StandardCharsets.US_ASCII);
      if (!status.endsWith(" 200")) {
        throw new BenchException("GET " + target + " was answered '" + status + "'");
      }
    }
  }
}
