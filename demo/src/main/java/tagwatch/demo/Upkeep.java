// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What is done to a server besides asking it. */
record Upkeep(ProtectedServer server) {
  /** A kind of it. */
  enum Work {
    RESTART,
    RELOAD,
    ROTATE
  }

  void carryOut(Work work) throws IOException, DemoException, InterruptedException {
    switch (work) {
      case RESTART -> server.restart();
      case RELOAD -> server.reload();
      case ROTATE -> rotate();
    }
  }

  /** Copies the log and empties it in place, since the server keeps it open. */
  private void rotate() throws IOException {
    Path log = server.log();
    Files.copy(
        log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(0);
    }
  }
}
