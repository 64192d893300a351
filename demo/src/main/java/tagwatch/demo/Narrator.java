// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Tells a person what happens; any thread may call. */
final class Narrator {
  private static final int EXAMPLES = 6;

  private final PrintStream out;
  private final boolean quiet;
  private int checking;
  private int removing;

  Narrator(PrintStream out, boolean quiet) {
    this.out = out;
    this.quiet = quiet;
  }

  /** A line. */
  synchronized void say(String line) {
    out.println(line);
    out.flush();
  }

  /** A line; as {@link String#formatted}. */
  void say(String format, Object... values) {
    say(String.format(Locale.ROOT, format, values));
  }

  /** Begins a chapter; each shows the first processes that come and go again. */
  synchronized void chapter(String title) {
    checking = 0;
    removing = 0;
    say("");
    say("== " + title);
  }

  /** A process came into view. */
  synchronized void checking(long pid, String program) {
    if (!quiet && checking++ < EXAMPLES) {
      say("Now checking pid %d (%s)%s", pid, program, checking == EXAMPLES ? " and others" : "");
    }
  }

  /** A process is gone. */
  synchronized void removing(long pid) {
    if (!quiet && removing++ < EXAMPLES) {
      say("Removing pid %d%s", pid, removing == EXAMPLES ? " and others" : "");
    }
  }

  /** A teller of progress that speaks at each fifth. */
  Steps steps(String what) {
    return new Steps(what);
  }

  /** Speaks when another fifth is done; any thread may call. */
  final class Steps {
    private final String what;
    private int told;

    private Steps(String what) {
      this.what = what;
    }

    synchronized void report(double done) {
      int fifth = (int) Math.floor(done * 5 + 1e-9);
      if (fifth > told) {
        told = fifth;
        say("  %s: %d %%", what, fifth * 20);
      }
    }
  }
}
