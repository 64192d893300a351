// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.PrintStream;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import tagwatch.player.Progress;

/** Passes on a report if it names a new step or is a stride further than the last. */
final class PacedProgress implements Progress {
  /** The session variable under which whoever runs a command leaves its listener. */
  static final String VARIABLE = ".tagwatch.progress";

  private final double stride;
  private final Progress next;
  private String step = "";
  private double done;

  PacedProgress(double stride, Progress next) {
    this.stride = stride;
    this.next = next;
  }

  /** The listener of whoever runs the command, else one that writes to the session's console. */
  static Progress of(CommandSession session) {
    return session.get(VARIABLE) instanceof Progress progress
        ? progress
        : text(session.getConsole());
  }

  /** Writes lines, at every tenth. */
  static Progress text(PrintStream out) {
    return new PacedProgress(
        0.1,
        (step, done) -> {
          out.printf(Locale.ROOT, "%s %.0f %%%n", step, done * 100);
          out.flush();
        });
  }

  @Override
  public void report(String newStep, double newDone) {
    if (!newStep.equals(step) || newDone - done >= stride || (newDone >= 1 && done < 1)) {
      step = newStep;
      done = newDone;
      next.report(newStep, newDone);
    }
  }
}
