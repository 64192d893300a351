// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** Executes one Gogo command line and turns whatever goes wrong into one sentence. */
final class CommandLine {
  /** Where unqualified commands are looked for, in order. */
  static final String SCOPES = "tagwatch:gogo:*";

  private static final long COMMANDS_WITHIN_MS = 10_000;

  /**
   * What came of it.
   *
   * @param exit 0 or 1
   * @param error one line; empty if all is well
   */
  record Outcome(int exit, String error) {
    static Outcome failed(String error) {
      return new Outcome(1, error);
    }
  }

  private CommandLine() {}

  /**
   * Waits until Gogo has the commands: it hears of a service when everybody else does, so a shell
   * that opens at once could be asked before.
   */
  static void awaitCommands(CommandSession session) throws InterruptedException {
    long end = System.currentTimeMillis() + COMMANDS_WITHIN_MS;
    while (!known(session) && System.currentTimeMillis() < end) {
      Thread.sleep(5);
    }
  }

  /** Executes the line; what it answers goes to the session's console. */
  static Outcome execute(CommandSession session, String line) {
    session.put("SCOPE", SCOPES);
    try {
      awaitCommands(session);
      Object result = session.execute(line);
      if (result != null) {
        print(session, session.format(result, Converter.INSPECT).toString());
      }
      return new Outcome(0, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.failed("interrupted");
    } catch (Exception e) {
      return Outcome.failed(explain(e));
    }
  }

  static String explain(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof InvocationTargetException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof CommandFailure) {
      return firstLine(cause);
    } else if (cause instanceof CommandNotFoundException unknown) {
      return "there is no command " + unknown.getCommand() + "; 'help' lists them";
    } else if (cause instanceof CancellationException) {
      return "interrupted";
    } else if (cause instanceof IllegalArgumentException && firstLine(cause).contains("coerce")) {
      return "wrong arguments; see 'help COMMAND'. " + firstLine(cause);
    }
    return cause.getClass().getSimpleName() + ": " + firstLine(cause);
  }

  private static void print(CommandSession session, String text) {
    session.getConsole().print(text.endsWith("\n") || text.isEmpty() ? text : text + "\n");
    session.getConsole().flush();
  }

  private static boolean known(CommandSession session) {
    return session.get(CommandSessionImpl.COMMANDS) instanceof Set<?> commands
        && commands.contains("tagwatch:status")
        && commands.contains("tagwatch:models")
        && commands.contains("tagwatch:alerts");
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
