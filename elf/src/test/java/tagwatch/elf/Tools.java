// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The compilers and independent ELF readers that the tests compare with. */
final class Tools {
  private Tools() {}

  /** Skips the test if a tool is missing, or fails it where everything is required. */
  static void require(String... names) {
    for (String name : names) {
      boolean there =
          Stream.of(System.getenv("PATH").split(":"))
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
      requireThat(there, name + " is not installed");
    }
  }

  static void requireThat(boolean condition, String otherwise) {
    if ("all".equals(System.getenv("TAGWATCH_REQUIRE"))) {
      assertThat(condition).as(otherwise).isTrue();
    }
    assumeTrue(condition, otherwise);
  }

  /** Runs the command, requires that it succeeds, and returns its output. */
  static String run(Object... command) {
    try {
      Process process =
          new ProcessBuilder(Stream.of(command).map(Object::toString).toList())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Compiles a program that prints {@code tagged} and exits with 0. */
  static Path program(Path folder, String compiler, String... options) throws IOException {
    require(compiler);
    Path source = folder.resolve("program.c");
    // No header: cross compilers have none.
    Files.writeString(
        source, "int puts(const char *);\nint main(void) { return puts(\"tagged\") < 0; }\n");
    Path program = folder.resolve("program");
    List<String> command =
        new ArrayList<>(List.of(compiler, source.toString(), "-o", program.toString()));
    command.addAll(List.of(options));
    Process compilation = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(compilation.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // The compiler may be there without its 32-bit or static libraries.
    requireThat(Files.exists(program), command + ": " + output);
    return program;
  }

  /** The content of the section {@code .exein} as another tool sees it. */
  static byte[] dump(String objcopy, Path file) throws IOException {
    require(objcopy);
    Path content = Files.createTempFile("section", ".bin");
    Path discarded = Files.createTempFile("discarded", ".elf");
    try {
      run(objcopy, "--dump-section", ".exein=" + content, file, discarded);
      return Files.readAllBytes(content);
    } finally {
      Files.delete(content);
      Files.deleteIfExists(discarded);
    }
  }
}
