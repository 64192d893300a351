// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How long work goes on, on standard error: one line that is written over on a terminal, else a
 * line for each new step and every ten seconds, so that a log stays short.
 */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final long TERMINAL_INTERVAL_NS = 100_000_000L;
  private static final long LOG_INTERVAL_NS = 10_000_000_000L;
  private static final double ESTIMABLE = 0.02;

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier clock;
  private String step = "";
  private long stepBeganNs;
  private double stepBeganAt;
  private long shownNs;
  private int shownLength;

  ProgressBar(PrintWriter err) {
    this(err, standardErrorIsTerminal(), System::nanoTime);
  }

  ProgressBar(PrintWriter err, boolean terminal, LongSupplier clock) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
  }

  /**
   * Shows that {@code step} is {@code done} (0 to 1) if the last showing is old enough. What stands
   * behind a colon may change without making it another step, e.g. {@code training: loss 0.4}.
   */
  void report(String newStep, double done) {
    long now = clock.getAsLong();
    boolean another = !name(newStep).equals(name(step));
    step = newStep;
    if (another) {
      stepBeganNs = now;
      stepBeganAt = done;
    }
    long interval = terminal ? TERMINAL_INTERVAL_NS : LOG_INTERVAL_NS;
    if (another || (done >= 1 && terminal) || now - shownNs >= interval) {
      shownNs = now;
      show(line(Math.min(1, Math.max(0, done)), now));
    }
  }

  /** Shows a line without a bar, for work of which nobody knows the end. */
  void note(String text) {
    long now = clock.getAsLong();
    if (step.isEmpty() || now - shownNs >= (terminal ? TERMINAL_INTERVAL_NS : LOG_INTERVAL_NS)) {
      step = "running";
      shownNs = now;
      show(text);
    }
  }

  private static String name(String step) {
    int colon = step.indexOf(':');
    return colon < 0 ? step : step.substring(0, colon);
  }

  private String line(double done, long now) {
    int filled = (int) (done * WIDTH);
    String bar = "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "]";
    return String.format(
        Locale.ROOT,
        "%s %3.0f %% %s%s",
        bar,
        done * 100,
        step,
        left(done, stepBeganAt, now - stepBeganNs));
  }

  private static String left(double done, double began, long elapsedNs) {
    if (done - began < ESTIMABLE || done >= 1) {
      return "";
    }
    long seconds = Math.round(elapsedNs / 1e9 * (1 - done) / (done - began));
    return seconds < 60
        ? ", " + seconds + " s left"
        : String.format(Locale.ROOT, ", %d:%02d min left", seconds / 60, seconds % 60);
  }

  private void show(String text) {
    if (terminal) {
      err.print("\r" + text + " ".repeat(Math.max(0, shownLength - text.length())));
      shownLength = text.length();
    } else {
      err.println(text);
    }
    err.flush();
  }

  /** Wipes the line on a terminal, so that what follows starts on a clean one. */
  @Override
  public void close() {
    if (terminal && shownLength > 0) {
      err.print("\r" + " ".repeat(shownLength) + "\r");
      err.flush();
      shownLength = 0;
    }
  }

  private static boolean standardErrorIsTerminal() {
    // System.console() asks about standard input and output, which --json redirects.
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
