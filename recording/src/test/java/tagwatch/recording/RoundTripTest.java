// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTripTest {
  @TempDir Path folder;

  @Test
  void shouldShowWhatWasWritten() throws IOException {
    Path file = folder.resolve("a.rec");
    try (RecordingWriter writer =
        RecordingWriter.open(file, Recordings.HEADER, RecordingOptions.DEFAULT)) {
      Recordings.small(writer);
      assertThat(writer.eventsWritten()).isEqualTo(5);
    }
    try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
      assertThat(reader.header()).isEqualTo(Recordings.HEADER);
      assertThat(Transcript.of(reader).lines)
          .containsExactly(
              "started 0 " + Recordings.start(7, 13107),
              "event 0 16777216 #1 @5000000200",
              "event 0 16777473 #2 4 @5000000300",
              "started 1 " + Recordings.start(8, 2),
              "event 1 16777216 #1 @5000000250",
              "event 0 16777216 #3 @5000000400",
              "beacon 1700000000000000450 @5000000450",
              "gap 0 3",
              "event 0 16777728 #7 1 65535 @5000000500",
              "executed 1 Executable[path=/b, buildId=] @5000000600",
              "exited 1 #1 @5000000700");
      assertThat(reader.nextTimestampNs()).isEqualTo(Long.MAX_VALUE);
      RecordingSummary summary = reader.summary();
      assertThat(summary.events()).isEqualTo(5);
      assertThat(summary.tasks()).isEqualTo(2);
      assertThat(summary.processes()).isEqualTo(2);
      assertThat(summary.lost()).isEqualTo(3);
      assertThat(summary.tags()).containsExactly(2, 13107);
      assertThat(summary.durationNs()).isEqualTo(600);
      assertThat(summary.complete()).isTrue();
      assertThat(summary.usableBytes()).isEqualTo(Files.size(file));
    }
  }

  @Test
  void shouldShowAnythingThatWasWritten() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed of the random recordings: " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 60; round++) {
      Transcript expected = new Transcript();
      long inner = random.nextLong();
      RecordingOptions options =
          new RecordingOptions(random.nextInt(10), 1 + random.nextInt(700), 0);
      Path file =
          Files.write(
              folder.resolve(round + ".rec"),
              Recordings.bytes(options, writer -> Recordings.random(inner, writer, expected)));
      try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
        assertThat(Transcript.of(reader).lines)
            .describedAs("seed %d, round %d, %s", seed, round, options)
            .isEqualTo(expected.lines);
        assertThat(reader.summary().events()).isEqualTo(expected.events);
      }
    }
  }

  @Test
  void shouldTakeSlotsInNativeOrderWhateverTheBufferSays() throws IOException {
    ByteBuffer slots = Recordings.slots(0x0102);
    Path file =
        Files.write(
            folder.resolve("a.rec"),
            Recordings.bytes(
                RecordingOptions.DEFAULT,
                writer -> {
                  int task = writer.taskStarted(Recordings.start(7, 1));
                  writer.event(task, 1, 1, 1, slots.order(ByteOrder.BIG_ENDIAN), 0, 2);
                  writer.event(task, 1, 2, 1, slots.order(ByteOrder.LITTLE_ENDIAN), 0, 2);
                }));
    try (RecordingReader reader = RecordingReader.open(file)) {
      assertThat(Transcript.of(reader).lines)
          .contains("event 0 1 #1 258 @1", "event 0 1 #2 258 @1");
    }
  }

  @Test
  void shouldGiveTheNumberOfAnExitedTaskToTheNext() throws IOException {
    Recordings.bytes(
        RecordingOptions.DEFAULT,
        writer -> {
          int first = writer.taskStarted(Recordings.start(7, 1));
          writer.taskExited(first, 1, 0);
          assertThatThrownBy(() -> writer.gap(first, 1))
              .hasMessageContaining("no live task has number 0");
          assertThat(writer.taskStarted(Recordings.start(8, 1))).isEqualTo(first);
        });
  }

  @Test
  void shouldNeverOverwriteARecording() throws IOException {
    Path file = Files.write(folder.resolve("a.rec"), new byte[] {1});
    assertThatThrownBy(
            () -> RecordingWriter.open(file, Recordings.HEADER, RecordingOptions.DEFAULT))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readAllBytes(file)).containsExactly(1);
  }

  @Test
  void shouldStayFailedAfterAFailedWrite() throws IOException {
    FullDisk disk = new FullDisk();
    RecordingWriter writer = RecordingWriter.to(disk, Recordings.HEADER, RecordingOptions.DEFAULT);
    int task = writer.taskStarted(Recordings.start(7, 1));
    disk.full = true;
    assertThatThrownBy(writer::flush).hasMessage("no space left");
    disk.full = false;
    assertThatThrownBy(() -> writer.gap(task, 1)).hasMessageContaining("an earlier write failed");
    int written = disk.writes;
    writer.close();
    assertThat(disk.writes).isEqualTo(written);
    assertThat(disk.isOpen()).isFalse();
  }

  private static final class FullDisk implements WritableByteChannel {
    private boolean full;
    private boolean open = true;
    private int writes;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (full) {
        throw new IOException("no space left");
      }
      writes++;
      int length = bytes.remaining();
      bytes.position(bytes.limit());
      return length;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
