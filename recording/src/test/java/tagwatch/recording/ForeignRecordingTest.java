// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tagwatch.event.Feature;

class ForeignRecordingTest {
  // hook, pid, tag, three features, sequence; 69 is file_permission, 210 is not in the table
  private static final String ROWS =
      """
      69,100,13107,0,7,0,65534
      69,100,13107,0,8,0,65535
      210,101,13107,5,0,0,0
      69,100,13107,0,7,0,1
      69,100,13107,0,9,0,4
      210,101,13107,5,0,0,5
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void shouldTellFormatsApartByTheirBeginning() throws Exception {
    Path own = folder.resolve("own.twr");
    Files.write(own, Recordings.bytes(RecordingOptions.DEFAULT, Recordings::small));

    assertThat(ForeignRecording.formatOf(own)).isEmpty();
    assertThat(ForeignRecording.formatOf(file("t", "a\t1 2\n")))
        .isEqualTo(Optional.of(ForeignRecording.Format.TRACES));
    assertThat(ForeignRecording.formatOf(file("c", ROWS)))
        .isEqualTo(Optional.of(ForeignRecording.Format.EXEIN_CSV));
    Path nothing = file("x", "hello\n");
    assertThatThrownBy(() -> ForeignRecording.formatOf(nothing))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(nothing.toString());
  }

  @Test
  void shouldMakeAProcessOfEachTrace() throws Exception {
    Path target = folder.resolve("out.twr");

    ForeignRecording.convert(
        ForeignRecording.Format.TRACES,
        List.of(file("a", "one\t5 6 5\n"), file("b", "two\t7\n")),
        42,
        target);

    try (RecordingReader reader = RecordingReader.open(target)) {
      assertThat(reader.summary().events()).isEqualTo(4);
      assertThat(reader.summary().processes()).isEqualTo(2);
      assertThat(reader.summary().tags()).containsExactly(42);
      assertThat(reader.summary().complete()).isTrue();
      assertThat(reader.header().vocabulary().nameOf(5)).isEqualTo("#5");
    }
    try (RecordingReader reader = RecordingReader.open(target)) {
      assertThat(Transcript.of(reader).lines).anyMatch(line -> line.contains("path=two"));
    }
  }

  @Test
  void shouldFindOutWhichFeaturesAHookHas() throws Exception {
    Path target = folder.resolve("out.twr");

    ForeignRecording.convert(
        ForeignRecording.Format.EXEIN_CSV, List.of(file("c", ROWS)), 0, target);

    try (RecordingReader reader = RecordingReader.open(target)) {
      var vocabulary = reader.header().vocabulary();
      assertThat(vocabulary.name()).isEqualTo("exein-2020");
      assertThat(vocabulary.featuresOf(69)).extracting(Feature::name).containsExactly("f1");
      assertThat(vocabulary.featuresOf(210)).extracting(Feature::name).containsExactly("f0");
      assertThat(vocabulary.nameOf(69)).isEqualTo("file_permission");
      assertThat(vocabulary.nameOf(210)).isEqualTo("#210");
      assertThat(reader.summary().events()).isEqualTo(6);
      assertThat(reader.summary().processes()).isEqualTo(2);
      assertThat(reader.summary().lost()).as("2 and 3, over the end of 16 bits").isEqualTo(2);
    }
  }

  @Test
  void shouldNameFeaturesAsTheFirstLineDoes() throws Exception {
    Path target = folder.resolve("out.twr");
    String header = "hook_id,pid,tag,mode,flags,mask,sequence\n";

    ForeignRecording.convert(
        ForeignRecording.Format.EXEIN_CSV, List.of(file("c", header + ROWS)), 0, target);

    try (RecordingReader reader = RecordingReader.open(target)) {
      assertThat(reader.header().vocabulary().featuresOf(69))
          .extracting(Feature::name)
          .containsExactly("flags");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "69,100,13107,0,7,0",
        "69,100,13107,0,7,0,1,2",
        "69,100,13107,0,-7,0,1",
        "69,100,65536,0,7,0,1",
        "69,100,x,0,7,0,1",
        "1,2"
      })
  void shouldNameFileAndLineAndLeaveNothingBehind(String row) throws Exception {
    Path source = file("c", ROWS + row + "\n");
    Path target = folder.resolve("out.twr");

    assertThatThrownBy(
            () ->
                ForeignRecording.convert(
                    ForeignRecording.Format.EXEIN_CSV, List.of(source), 0, target))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(source + ":7: ");
    assertThat(target).doesNotExist();
  }

  @Test
  void shouldNotOverwrite() throws Exception {
    Path target = file("there", "something");
    Path source = file("t", "a\t1\n");

    assertThatThrownBy(
            () ->
                ForeignRecording.convert(
                    ForeignRecording.Format.TRACES, List.of(source), 1, target))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("something");
  }
}
