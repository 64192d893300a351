// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import tagwatch.demo.DemoException;

/** A command cannot be carried out. The message is one line with the value and the remedy. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  static int explainUsage(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("tagwatch: " + oneLine(wrong.getMessage()));
    err.println("Try: ./" + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE;
  }

  static int explain(Exception failure, CommandLine command, boolean debug) {
    PrintWriter err = command.getErr();
    // What went out before belongs before the error, also where both go into one file.
    command.getOut().flush();
    err.println("tagwatch: " + sentence(failure));
    if (debug) {
      failure.printStackTrace(err);
    }
    err.flush();
    return failure instanceof Failure known ? known.exitCode() : ExitCode.FAILED;
  }

  /** The message for a person. The exceptions of java.nio.file often say nothing but the path. */
  static String sentence(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      return message + ": no such file; look at the path";
    }
    if (failure instanceof AccessDeniedException) {
      return message + ": permission denied; run as root, or as the owner of the file";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return message + ": there is such a file already; name another, or remove it";
    }
    boolean expected =
        failure instanceof Failure
            || failure instanceof IOException
            || failure instanceof DemoException;
    if (message == null || message.isBlank()) {
      return failure.getClass().getName() + " without a message; --debug shows where it comes from";
    }
    return oneLine(expected ? message : failure.getClass().getSimpleName() + ": " + message);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
