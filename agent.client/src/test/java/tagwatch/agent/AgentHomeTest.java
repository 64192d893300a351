// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.felix.fileinstall.shaded.util.properties.TypedProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentHomeTest {
  @TempDir Path folder;
  private AgentHome home;

  @BeforeEach
  void createHome() throws IOException {
    home = new AgentHome(folder.resolve("home")).create();
  }

  @Test
  void shouldMakeItsFoldersForItsOwnerOnly() throws IOException {
    for (Path part : List.of(home.root(), home.conf(), home.socket().getParent())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(part)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void shouldWritePlainValuesAsAPersonWould() throws IOException {
    Path file = home.configureTag("13107", Map.of("tag", 13107, "gate", "monitor"));
    assertThat(file).hasFileName("tagwatch.tag-13107.cfg");
    assertThat(Files.readString(file)).isEqualTo("gate = monitor\ntag = 13107\n");
  }

  @Test
  void shouldLeaveNoDraftBehind() throws IOException {
    home.configure("tagwatch.ebpf", Map.of("ringBytes", 1 << 22));
    home.configure("tagwatch.ebpf", Map.of("ringBytes", 1 << 23));
    assertThat(home.conf()).isDirectoryContaining("glob:**/tagwatch.ebpf.cfg");
    assertThat(home.socket().getParent()).isEmptyDirectory();
    home.unconfigure("tagwatch.ebpf");
    assertThat(home.conf()).isEmptyDirectory();
  }

  @Test
  void shouldWriteAListAsAnArray() throws IOException {
    Map<String, Object> read =
        readBack(Map.of("executables", List.of("/opt/a,b", "/opt/${c}"), "ringBytes", 4096));
    assertThat(read.get("executables")).isEqualTo(new String[] {"/opt/a,b", "/opt/${c}"});
    assertThat(read.get("ringBytes")).isEqualTo("4096");
  }

  @Test
  void shouldKeepEveryValueAsItIs() throws IOException {
    String[] awkward = {
      "",
      " x ",
      "a\\b",
      "C:\\",
      "\"q\"",
      "${user.home}",
      "$\\{x}",
      "a=b",
      "#no",
      "[x]",
      "é\n\t€",
      "{"
    };
    for (String value : awkward) {
      assertThat(readBack(Map.of("key", value)).get("key")).as(value).isEqualTo(value);
    }
    String alphabet = "ab\\${}\"[]=,: \n\u00e9'#!";
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      StringBuilder value = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        value.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String text = value.toString();
      assertThat(readBack(Map.of("key", text, "other", 1))).containsEntry("key", text);
    }
  }

  @Test
  void shouldRefuseNamesThatLeaveTheFolder() {
    assertThatThrownBy(() -> home.configureTag("../x", Map.of())).hasMessageContaining("../x");
    assertThatThrownBy(() -> home.configure("a", Map.of("k\nx", "v"))).hasMessageContaining("key");
    assertThatThrownBy(() -> new AgentHome(Path.of("/a,b"))).hasMessageContaining("comma");
    assertThatThrownBy(() -> new AgentHome(Path.of("/" + "a".repeat(100))))
        .hasMessageContaining("at most 107");
  }

  private Map<String, Object> readBack(Map<String, ?> values) throws IOException {
    Path file = home.configure("test", values);
    TypedProperties properties = new TypedProperties();
    // File Install's default encoding
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      properties.load(reader);
    }
    return properties;
  }
}
