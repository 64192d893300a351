// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tagwatch.event.Executable;
import tagwatch.event.Hook;
import tagwatch.event.TaskKey;
import tagwatch.event.TaskStart;
import tagwatch.event.Vocabulary;
import tagwatch.recording.RecordingHeader;
import tagwatch.recording.RecordingOptions;
import tagwatch.recording.RecordingWriter;

final class RecordingCommandTest {
  @TempDir Path folder;
  private Path file;

  /** Two processes: one of tag 7 with three events, one of tag 8 with a single event. */
  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("a.twr");
    Vocabulary vocabulary =
        new Vocabulary("test", Map.of(), List.of(new Hook(1, "open", List.of())));
    RecordingHeader header =
        new RecordingHeader(1_000_000_000L, 5, "", "test", vocabulary, Map.of("workload", "demo"));
    try (RecordingWriter writer = RecordingWriter.open(file, header, RecordingOptions.DEFAULT)) {
      int seven = writer.taskStarted(start(70, 7));
      int eight = writer.taskStarted(start(80, 8));
      for (int sequence = 1; sequence <= 3; sequence++) {
        writer.event(seven, 1, sequence, 100 + sequence, ByteBuffer.allocate(0), 0, 0);
      }
      writer.event(eight, 1, 1, 2_000_000_100L, ByteBuffer.allocate(0), 0, 0);
    }
  }

  @Test
  void shouldShowWhatIsInIt() {
    Shell result = Shell.tagwatch("recording", "show", file);

    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("began 1970-01-01T00:00:01Z")
        .contains("source      test, vocabulary test (1 hooks)")
        .contains("tags        [7, 8]")
        .contains("events      4 in 2.0 s")
        .contains("processes   2 (2 tasks)")
        .contains("end         complete")
        .contains("workload    demo");
  }

  @Test
  void shouldAnswerInJson() {
    JsonObject answer =
        JsonParser.parseString(Shell.tagwatch("recording", "show", "--json", file).out())
            .getAsJsonObject();

    assertThat(answer.get("events").getAsLong()).isEqualTo(4);
    assertThat(answer.get("tags").toString()).isEqualTo("[7,8]");
    assertThat(answer.get("complete").getAsBoolean()).isTrue();
  }

  @Test
  void shouldSayThatARecordingIsTorn() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Path torn = folder.resolve("torn.twr");
    Files.write(torn, Arrays.copyOf(whole, whole.length - 5));

    assertThat(Shell.tagwatch("recording", "show", torn).out()).contains("torn").contains("4 in");
  }

  @Test
  void shouldNotCallADamagedRecordingComplete() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Shell result = Shell.tagwatch("recording", "show", file);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(file.toString()).contains("offset").hasLineCount(1);
  }

  @Test
  void shouldRefuseWhatIsNoRecording() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no recording");
    Shell result = Shell.tagwatch("recording", "show", text);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains(text.toString()).hasLineCount(1);
  }

  @Test
  void shouldCountTheEventsOfEachTag() throws IOException {
    TagEvents counted = TagEvents.count(List.of(file, file));

    assertThat(counted.tags()).containsExactly(7, 8);
    assertThat(counted.of(7)).isEqualTo(6);
    assertThat(counted.of(8)).isEqualTo(2);
    assertThat(counted.of(9)).isZero();
  }

  @Test
  void shouldAskWhichTagToLearn() {
    Shell result = Shell.tagwatch("learn", file);

    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("[7, 8]").contains("--tag");
  }

  @Test
  void shouldHandTheWholeOrderToTheLearner() throws Exception {
    LearnCommand learn = new LearnCommand();
    new CommandLine(learn)
        .parseArgs(
            file.toString(),
            "--tag=7",
            "--order=4",
            "--option=smoothing=witten-bell",
            "--rolling=10",
            "--threshold=quantile:0.99",
            "--features=path,flags",
            "--models=" + folder.resolve("m"),
            "--json");

    assertThat(learn.line(List.of(file)).toString())
        .isEqualTo(
            "tagwatch:learn --tag 7 --engine markov --option order\\=4"
                + " --option smoothing\\=witten-bell --rolling 10 --threshold quantile:0.99"
                + " --features path,flags --models "
                + folder.resolve("m")
                + " --json "
                + file);
  }

  @Test
  void shouldSayThatNoModelFitsTheRecording() {
    Shell result = Shell.tagwatch("replay", file, "--models", folder);

    assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("[7, 8]").contains("tagwatch learn");
  }

  private static TaskStart start(int pid, int tag) {
    TaskKey key = new TaskKey(pid, 50);
    return new TaskStart(
        key, key, Optional.empty(), tag, Executable.UNKNOWN, 100, TaskStart.Origin.ADOPTED);
  }
}
