// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** What a command, of this program or of the machine, printed and how it ended. */
record Shell(int exit, String out, String err) {
  /** The script of the tree that is tested. */
  static final Path SCRIPT = Path.of("../tagwatch").toAbsolutePath().normalize();

  /** Runs the command line in this process. */
  static Shell tagwatch(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Tagwatch.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] args = List.of(words).stream().map(Object::toString).toArray(String[]::new);
    int exit = commandLine.execute(args);
    return new Shell(exit, out.toString(), err.toString());
  }

  /** Runs a program without a terminal and without input. */
  static Shell program(Map<String, String> environment, Object... words)
      throws IOException, InterruptedException {
    File err = File.createTempFile("tagwatch", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(List.of(words).stream().map(Object::toString).toList())
              .redirectInput(new File("/dev/null"))
              .redirectError(err);
      builder.environment().putAll(environment);
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(List.of(words) + " did not end within 60 s");
      }
      return new Shell(
          process.exitValue(), out, Files.readString(err.toPath(), StandardCharsets.UTF_8));
    } finally {
      err.delete();
    }
  }

  /** Last line of standard output. */
  String lastLine() {
    List<String> lines = out.lines().toList();
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
