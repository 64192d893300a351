// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceFileTest {
  private static final String TEXT = "UTD-0001\t6 6 63\n\nempty\t\nlast one\t2147483647 0";

  @TempDir Path folder;

  @Test
  void shouldReadNamesAndIdsInOrder() throws Exception {
    Path file = Files.writeString(folder.resolve("traces.tsv"), TEXT);

    List<TraceFile.Trace> traces = TraceFile.read(file);

    assertThat(traces)
        .extracting(TraceFile.Trace::name)
        .containsExactly("UTD-0001", "empty", "last one");
    assertThat(traces.get(0).ids()).containsExactly(6, 6, 63);
    assertThat(traces.get(1).ids()).isEmpty();
    assertThat(traces.get(2).ids()).containsExactly(Integer.MAX_VALUE, 0);
  }

  @Test
  void shouldReadCompressedFilesWhateverTheirName() throws Exception {
    Path file = compressed();

    assertThat(TraceFile.read(file)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\t1 -2", "a\t1 x", "a\t2147483648", "a\t99999999999", "a 1 2", "\t1"})
  void shouldNameFileAndLineOfWhatIsNoTrace(String line) throws Exception {
    Path file = Files.writeString(folder.resolve("bad.tsv"), "good\t1\n" + line + "\n");

    assertThatThrownBy(() -> TraceFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ":2: ");
  }

  @Test
  void shouldRefuseATruncatedCompressedFile() throws Exception {
    byte[] whole = Files.readAllBytes(compressed());
    Path file = folder.resolve("cut.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length - 12));

    assertThatThrownBy(() -> TraceFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString());
  }

  private Path compressed() throws IOException {
    Path file = folder.resolve("compressed");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
