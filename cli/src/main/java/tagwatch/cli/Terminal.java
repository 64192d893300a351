// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The terminal of standard input. While it is raw, each key goes to the agent's shell as it is
 * typed; {@code stty} does the change, because Java cannot.
 */
final class Terminal implements AutoCloseable {
  private static final int STTY_SECONDS = 5;
  private static final int DEFAULT_COLUMNS = 80;
  private static final int DEFAULT_ROWS = 24;

  private final String saved;
  private final Thread atExit = new Thread(this::restore, "terminal-restore");
  private final AtomicBoolean raw = new AtomicBoolean();

  private Terminal(String saved) {
    this.saved = saved;
  }

  /**
   * Remembers how the terminal is set.
   *
   * @throws IOException if standard input is no terminal
   */
  static Terminal open() throws IOException {
    return new Terminal(stty("-g").strip());
  }

  /** Raw until {@link #close()}, also if the process ends by a signal before. */
  void raw() throws IOException {
    Runtime.getRuntime().addShutdownHook(atExit);
    raw.set(true);
    stty("raw", "-echo");
  }

  /** Width in characters. */
  int columns() {
    return size(1, DEFAULT_COLUMNS);
  }

  /** Height in lines. */
  int rows() {
    return size(0, DEFAULT_ROWS);
  }

  /** Name of the terminal's kind, from the environment. */
  static String kind() {
    String term = System.getenv("TERM");
    return term == null || term.isBlank() ? "dumb" : term;
  }

  private static int size(int index, int otherwise) {
    try {
      String[] parts = stty("size").strip().split(" ", 2);
      int value = parts.length == 2 ? Integer.parseInt(parts[index]) : 0;
      // A serial line says 0 0.
      return value > 0 ? value : otherwise;
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }

  private void restore() {
    if (!raw.compareAndSet(true, false)) {
      return;
    }
    try {
      stty(saved);
    } catch (IOException e) {
      // The terminal is gone, so nobody looks at it.
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process ends already; the hook has nothing left to do.
    }
  }

  private static String stty(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(STTY_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("stty did not end within " + STTY_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while stty ran", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "standard input is not a terminal (" + output + "); use shell -c COMMAND");
    }
    return output;
  }
}
