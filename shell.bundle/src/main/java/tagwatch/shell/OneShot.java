// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Executes the command line in the framework property {@code tagwatch.execute}, if there is one,
 * and ends the process with its exit code: output goes to standard output, progress and errors to
 * standard error.
 */
@Component(service = {})
public final class OneShot {
  /** Framework property: the command line. */
  static final String EXECUTE = "tagwatch.execute";

  private static final long STARTED_WITHIN_MS = 10_000;

  private final CommandProcessor processor;

  /** Called by the framework. */
  @Activate
  public OneShot(
      BundleContext context,
      @Reference CommandProcessor processor,
      @Reference StatusCommands statusCommands,
      @Reference ModelCommands modelCommands,
      @Reference AlertCommands alertCommands,
      @Reference EvaluateCommands evaluateCommands) {
    this.processor = processor;
    String line = context.getProperty(EXECUTE);
    if (line != null) {
      // Not a thread of the framework: it outlives the framework, in order to end the process.
      new Thread(() -> run(context, line), "tagwatch-once").start();
    }
  }

  private void run(BundleContext context, String line) {
    int exit = 1;
    try {
      awaitBundles(context);
      exit = execute(line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // The framework is stopped on the way out, see OrderlyEnd. To stop it here would let the
      // launcher end the process, with an exit code of its own.
      System.exit(exit);
    }
  }

  private int execute(String line) {
    // Not System.out: that belongs to Gogo, and what bundles write there is no output.
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    try (CommandSession session =
        processor.createSession(InputStream.nullInputStream(), out, err)) {
      session.put(PacedProgress.VARIABLE, PacedProgress.text(err));
      CommandLine.Outcome outcome = CommandLine.execute(session, line);
      out.flush();
      if (!outcome.error().isEmpty()) {
        err.println("tagwatch: " + outcome.error());
      }
      return outcome.exit();
    }
  }

  // Learners, for one, may be in bundles that start after this one.
  private static void awaitBundles(BundleContext context) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STARTED_WITHIN_MS);
    while (System.nanoTime() < end
        && !Arrays.stream(context.getBundles()).allMatch(OneShot::started)) {
      Thread.sleep(5);
    }
  }

  private static boolean started(Bundle bundle) {
    return bundle.getState() == Bundle.ACTIVE
        || bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
