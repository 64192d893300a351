// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TagCommandTest {
  @TempDir Path folder;
  private Path program;

  @BeforeEach
  void copyARealProgram() throws IOException {
    program = Files.copy(Path.of("/bin/true"), folder.resolve("a program"));
  }

  @Test
  void shouldSetShowAndRemove() throws Exception {
    assertThat(Shell.tagwatch("tag", "show", program).out()).contains(program + ": no tag");

    Shell set = Shell.tagwatch("tag", "set", "13107", program);

    assertThat(set.exit()).isZero();
    assertThat(set.out()).startsWith(program + ": tag 13107 (");
    assertThat(Shell.tagwatch("tag", "show", program).out()).contains("tag 13107");
    assertThat(Shell.program(Map.of(), program).exit()).isZero();

    assertThat(Shell.tagwatch("tag", "remove", program).out()).contains("no tag");
    assertThat(Shell.program(Map.of(), program).exit()).isZero();
  }

  @Test
  void shouldTakeAHexadecimalTag() {
    assertThat(Shell.tagwatch("tag", "set", "0x3333", program).out()).contains("tag 13107");
  }

  @Test
  void shouldAnswerInJson() {
    Shell.tagwatch("tag", "set", "1", program);
    JsonArray answer =
        JsonParser.parseString(Shell.tagwatch("tag", "show", "--json", program).out())
            .getAsJsonArray();

    JsonObject one = answer.get(0).getAsJsonObject();
    assertThat(one.get("file").getAsString()).isEqualTo(program.toString());
    assertThat(one.get("tag").getAsInt()).isEqualTo(1);
    assertThat(one.get("bits").getAsInt()).isIn(32, 64);
    assertThat(one.get("buildId").getAsString()).matches("[0-9a-f]*");
    assertThat(one.has("error")).isFalse();
  }

  @Test
  void shouldGoOnWithTheOtherFilesAndFailInTheEnd() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
    Path absent = folder.resolve("absent");

    Shell result = Shell.tagwatch("tag", "set", "7", empty, script, absent, program);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).contains(program + ": tag 7").hasLineCount(1);
    assertThat(result.err())
        .hasLineCount(3)
        .contains(empty.toString())
        .contains(script.toString())
        .contains(absent + ": no such file");
    assertThat(script).hasContent("#!/bin/sh\n");
  }

  @Test
  void shouldPutErrorsIntoTheJsonToo() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty"));
    Shell result = Shell.tagwatch("tag", "show", "--json", empty);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    JsonObject one = JsonParser.parseString(result.out()).getAsJsonArray().get(0).getAsJsonObject();
    assertThat(one.get("error").getAsString()).contains(empty.toString());
  }
}
