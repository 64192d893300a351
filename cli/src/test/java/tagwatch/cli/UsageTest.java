// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help;

final class UsageTest {
  @Test
  void shouldKeepTheUsageThatScriptsRelyOn() throws IOException {
    StringBuilder usage = new StringBuilder();
    commands().forEach(line -> usage.append(synopsis(line)));

    try (InputStream in = UsageTest.class.getResourceAsStream("usage.txt")) {
      assertThat(usage.toString()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldExplainItself(CommandLine command) {
    String help = command.setUsageHelpWidth(100).getUsageMessage();

    assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
    assertThat(help).doesNotContain("TODO");
    assertThat(Shell.tagwatch(path(command)).exit()).isZero();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldGiveAnExample(CommandLine command) {
    boolean ofPicocli = List.of("help", "generate-completion").contains(command.getCommandName());
    boolean nested = command.getCommandSpec().qualifiedName().split(" ", -1).length > 2;
    boolean root = command.getParent() == null;

    if (!ofPicocli && !nested && !root) {
      assertThat(command.getUsageMessage()).contains("Example").contains("./tagwatch ");
    }
    assertThat(command.getCommandSpec().optionsMap()).containsKey("--help");
  }

  @Test
  void shouldMakeACompletionThatBashAccepts(@TempDir Path folder) throws Exception {
    Shell completion = Shell.tagwatch("generate-completion");
    Path file = Files.writeString(folder.resolve("completion"), completion.out());

    assertThat(completion.exit()).isZero();
    assertThat(completion.out()).contains("generate-completion").contains("--repeat");
    assertThat(Shell.program(Map.of(), "bash", "-n", file).exit()).isZero();
  }

  @Test
  void shouldTellItsVersion() {
    assertThat(Shell.tagwatch("--version").out()).startsWith("tagwatch ").contains("Java");
  }

  /** All commands, by their full names. */
  static List<CommandLine> commands() {
    Map<String, CommandLine> found = new TreeMap<>();
    collect(Tagwatch.commandLine(), found);
    return List.copyOf(found.values());
  }

  private static void collect(CommandLine command, Map<String, CommandLine> found) {
    found.put(command.getCommandSpec().qualifiedName(), command);
    command.getSubcommands().values().forEach(child -> collect(child, found));
  }

  private static Object[] path(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    String words = name.equals("tagwatch") ? "" : name.substring("tagwatch ".length()) + " ";
    return (words + "--help").split(" ", -1);
  }

  private static String synopsis(CommandLine command) {
    Help help = command.setUsageHelpAutoWidth(false).setUsageHelpWidth(2000).getHelp();
    return help.synopsis(0).strip() + "\n";
  }
}
