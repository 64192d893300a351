// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import tagwatch.elf.ElfTagWriter;

/**
 * What makes events for a transport that watches a kernel: {@code conformance.workload} is a
 * program with its arguments, separated by blanks; of the program a tagged copy is run. Without it
 * the events come by themselves, as a replay's do.
 */
final class Workload {
  private final List<String> command;
  private Process process;

  private Workload(List<String> command) {
    this.command = command;
  }

  static Workload prepare(int tag) throws IOException {
    Optional<String> wanted = Provided.property("conformance.workload");
    if (wanted.isEmpty()) {
      return new Workload(List.of());
    }
    String[] words = wanted.get().split(" ", -1);
    Path copy = Path.of(Provided.property("conformance.tagged").orElseThrow());
    Path draft = Files.createTempFile(copy.toAbsolutePath().getParent(), "tagged", ".draft");
    Files.write(draft, Files.readAllBytes(Path.of(words[0])));
    ElfTagWriter.set(draft, tag);
    draft.toFile().setExecutable(true);
    Files.move(draft, copy, StandardCopyOption.REPLACE_EXISTING);
    words[0] = copy.toString();
    return new Workload(List.of(words));
  }

  /** Whether its events cannot be ended. */
  boolean endless() {
    return command.isEmpty();
  }

  void start() throws IOException {
    if (!command.isEmpty()) {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
    }
  }

  void stop() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.onExit().join();
      process = null;
    }
  }
}
