// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into an orderly end. The virtual machine goes down as soon as its shutdown hooks are
 * through; so the hook waits until the command has finished, and ends with the command's own code.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 45;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "interruption");
  private volatile int exitCode = ExitCode.FAILED;

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Waits so long, or until Ctrl-C; true if it was pressed. */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** The command is through, with that exit code. */
  int finish(int code) {
    exitCode = code;
    return code;
  }

  private void interrupted() {
    asked.countDown();
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      return;
    }
    Runtime.getRuntime().halt(exitCode);
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs: it ends the process with the command's code.
    }
  }
}
