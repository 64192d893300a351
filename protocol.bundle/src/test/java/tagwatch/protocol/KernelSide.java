// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/** A process that plays the kernel's side over NETLINK_USERSOCK; see {@code src/test/c}. */
final class KernelSide implements AutoCloseable {
  private static final int USERSOCK = 2;

  private final Path folder;
  private final Process process;
  private final BufferedReader output;
  private final PrintStream input;
  private final int port;

  KernelSide(Path folder, String program) throws Exception {
    this.folder = folder;
    Path binary = folder.resolve(program);
    Process gcc =
        new ProcessBuilder(
                "gcc",
                "-O2",
                "-Wall",
                "-Werror",
                "-I../kernel/uapi",
                "-o",
                "" + binary,
                "src/test/c/" + program + ".c")
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).isZero();
    process =
        new ProcessBuilder("" + binary).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    input = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    port = Integer.parseUnsignedInt(output.readLine());
  }

  /** Settings of an agent that takes this process for the kernel. */
  Settings settings(int snapshotMillis, int readySlots, List<String> denyHooks) throws IOException {
    byte[] key = new byte[Protocol.KEY_SIZE];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    Path file = folder.resolve("key");
    Files.writeString(file, HexFormat.of().formatHex(key) + "\n");
    return new Settings(
        USERSOCK,
        port,
        1 << 20,
        file,
        OptionalInt.of(0x01020304),
        snapshotMillis,
        readySlots,
        denyHooks);
  }

  Settings settings() throws IOException {
    return settings(20, 0, List.of());
  }

  int port() {
    return port;
  }

  /** Tells it what happens and waits until it has. */
  String tell(String command) {
    input.println(command);
    try {
      String line = output.readLine();
      if (line == null) {
        throw new AssertionError("the kernel side ended at: " + command);
      }
      return line;
    } catch (IOException e) {
      throw new AssertionError(command, e);
    }
  }

  /** A task that is its own process. */
  void start(int tid, int parent, int tag, int origin) {
    tell(
        String.format(
            "start %d %d %d %d %d %d %d %d",
            tid, tid * 1000, tid, tid * 1000, parent, parent * 1000, tag, origin));
  }

  /** It ends with its input. */
  @Override
  public void close() {
    input.close();
    process.destroy();
    process.onExit().join();
  }
}
