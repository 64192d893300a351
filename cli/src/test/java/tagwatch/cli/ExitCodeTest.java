// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExitCodeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "tag",
        "tag show",
        "tag set 65536 FILE",
        "tag set -1 FILE",
        "tag set server FILE",
        "demo --repeat many",
        "demo --nonsense",
        "record --out FILE",
        "record --tag 1 --exe FILE --out FILE",
        "record --tag 1 --seconds 1 --events 1 --out FILE",
        "learn",
        "replay FILE",
        "recording show"
      })
  void shouldRefuseWrongUsage(String line) {
    Shell result = Shell.tagwatch((Object[]) line.split(" ", -1));

    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("tagwatch: ").contains("--help").doesNotContain("\tat ");
  }

  @Test
  void shouldNameTheAllowedTags() {
    assertThat(Shell.tagwatch("tag", "set", "70000", "x").err())
        .contains("'70000'")
        .contains("0 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "alerts", "ps", "gate 1 enforce", "why 1", "stop", "shell"})
  void shouldSayThatNoAgentRuns(String line) {
    Shell result = Shell.tagwatch((Object[]) (line + " --home " + folder).split(" ", -1));

    assertThat(result.exit()).isEqualTo(ExitCode.MISSING);
    assertThat(result.err()).contains("no agent").contains(folder.toString());
  }

  @Test
  void shouldRefuseAHomeThatIsTooLongForASocket() {
    Shell result = Shell.tagwatch("status", "--home", "/" + "x".repeat(120));

    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("too long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"recording show", "learn --tag 1"})
  void shouldNameAFileThatIsNotThere(String line) {
    Path file = folder.resolve("none.twr");
    Shell result = Shell.tagwatch((Object[]) (line + " " + file).split(" ", -1));

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains(file.toString()).hasLineCount(1);
  }

  @Test
  void shouldNotRecordOverAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("old.twr"), "precious");
    Shell result = Shell.tagwatch("record", "--tag", 1, "--out", file, "--home", folder);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains(file.toString()).contains("already");
    assertThat(file).hasContent("precious");
  }

  @Test
  void shouldAskForATagBeforeRecordingAnExecutable() {
    Shell result =
        Shell.tagwatch(
            "record", "--exe", "/bin/true", "--out", folder.resolve("x"), "--home", folder);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("/bin/true").contains("tag set");
  }

  @Test
  void shouldShowWhereAnErrorComesFromOnlyWhenAsked() {
    Path file = folder.resolve("none.twr");

    assertThat(Shell.tagwatch("recording", "show", file).err()).doesNotContain("\tat ");
    assertThat(Shell.tagwatch("recording", "show", "--debug", file).err()).contains("\tat ");
  }

  @Test
  void shouldRefuseAnUnknownSpeed() throws Exception {
    Path file = Files.createFile(folder.resolve("a.twr"));
    Shell result = Shell.tagwatch("replay", file, "--models", folder, "--speed", "quick");

    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("'quick'").contains("recorded");
  }
}
