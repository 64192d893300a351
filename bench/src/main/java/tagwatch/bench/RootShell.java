// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A watched shell that starts what it is told to. It is the root of the tagged tree, which the
 * policy spares, as it spares a server's listener.
 */
final class RootShell implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  private RootShell(Process process) {
    this.process = process;
    in = process.outputWriter();
    out = process.inputReader();
  }

  static RootShell start(Lab lab, DeviceUserland userland, Path folder) throws IOException {
    RootShell shell =
        new RootShell(
            userland
                .applet("sh")
                .directory(folder.toFile())
                // it reports each child that is killed
                .redirectError(Redirect.DISCARD)
                .start());
    Lab.bound(shell.process);
    lab.atEnd(shell::close);
    return shell;
  }

  /** Runs a command line to its end and gives the lines that it printed. */
  List<String> tell(String command) throws IOException {
    // a line of its own: who is killed may have left half a line behind
    in.write(command + "\necho; echo END\n");
    in.flush();
    List<String> said = new ArrayList<>();
    for (String line = out.readLine(); !"END".equals(line); line = out.readLine()) {
      if (line == null) {
        throw new BenchException("the watched shell itself was ended at '" + command + "'");
      }
      said.add(line);
    }
    return said;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
