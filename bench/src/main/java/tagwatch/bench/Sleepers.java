// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A tagged process with children that sleep until it is closed. */
final class Sleepers implements AutoCloseable {
  private final Process process;
  private final int count;

  private Sleepers(Process process, int count) {
    this.process = process;
    this.count = count;
  }

  /** Returns once all sleep. */
  static Sleepers start(Lab lab, Path workload, int count) throws IOException {
    Process process =
        new ProcessBuilder(workload.toString(), "sleep", Integer.toString(count))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Sleepers sleepers = new Sleepers(process, count);
    lab.atEnd(sleepers::close);
    BufferedReader said = process.inputReader();
    if (!"asleep".equals(said.readLine())) {
      sleepers.close();
      throw new BenchException(count + " sleeping children could not be started");
    }
    return sleepers;
  }

  int count() {
    return count;
  }

  /** The kernel ends the children with their parent. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
