// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a reader makes of damaged files.
 *
 * <pre>
 *   header | block 0: task 0, 2 events | block 1: task 1, 2 events | block 2: 1 event | end
 * </pre>
 */
class DamageTest {
  @TempDir Path folder;
  private byte[] whole;
  private List<String> lines;
  private final List<Integer> starts = new ArrayList<>();

  @BeforeEach
  void record() throws IOException {
    whole = Recordings.bytes(RecordingOptions.DEFAULT, Recordings::small);
    try (RecordingReader reader = RecordingReader.open(file(whole))) {
      lines = Transcript.of(reader).lines;
    }
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int at = 20 + bytes.getInt(12) + 4;
    while (at < whole.length) {
      starts.add(at);
      at += 40 + bytes.getInt(at + 28);
    }
    assertThat(starts).hasSize(4);
  }

  @Test
  void shouldReadUpToATornTailWhereverItIsCut() throws IOException {
    for (int length = starts.get(0); length < whole.length; length++) {
      int cut = length;
      int blocks = (int) starts.stream().skip(1).filter(start -> start <= cut).count();
      try (RecordingReader reader =
          RecordingReader.open(file(Arrays.copyOf(whole, cut)), DamagePolicy.STRICT)) {
        assertThat(Transcript.of(reader).lines)
            .describedAs("cut at %d", cut)
            .isEqualTo(lines.subList(0, new int[] {0, 3, 7, 11}[blocks]));
        RecordingSummary summary = reader.summary();
        assertThat(summary.complete()).isFalse();
        assertThat(summary.usableBytes()).isEqualTo((long) starts.get(blocks));
        assertThat(summary.tornBytes()).isEqualTo((long) cut - starts.get(blocks));
        assertThat(summary.events()).isEqualTo(new int[] {0, 2, 4, 5}[blocks]);
        assertThat(summary.toString()).endsWith("torn at offset " + starts.get(blocks));
      }
    }
  }

  @Test
  void shouldTakeZerosBehindTheLastBlockAsATornTail() throws IOException {
    byte[] zeros = Arrays.copyOf(Arrays.copyOf(whole, starts.get(2)), whole.length + 70_000);
    try (RecordingReader reader = RecordingReader.open(file(zeros))) {
      assertThat(Transcript.of(reader).lines).isEqualTo(lines.subList(0, 7));
      assertThat(reader.summary().usableBytes()).isEqualTo((long) starts.get(2));
    }
  }

  @Test
  void shouldRefuseAFileThatEndsInItsHeader() throws IOException {
    for (int length = 0; length < starts.get(0); length++) {
      Path file = file(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> RecordingReader.open(file))
          .isInstanceOf(RecordingException.class)
          .hasMessageContaining("header at offset 0: file of " + length + " bytes");
    }
  }

  @Test
  void shouldFindEveryFlippedBit() throws IOException {
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      int block = blockAt(bit / 8);
      Path file = file(flipped);

      RecordingException found =
          catchThrowableOfType(
              RecordingException.class, () -> RecordingReader.open(file, DamagePolicy.STRICT));
      assertThat(found).describedAs("bit %d", bit).isNotNull();
      assertThat(found.block()).isEqualTo(block);
      assertThat(found.offset()).isEqualTo(block < 0 ? 0 : (long) starts.get(block));
      assertThat(found).hasMessageContaining(file.toString()).hasMessageContaining("at offset");
      if (block >= 0) {
        assertThat(found).hasMessageContaining("CRC32C");
        assertUsableBefore(file, block);
        assertSalvaged(file, block);
      }
    }
  }

  private void assertUsableBefore(Path file, int block) throws IOException {
    Transcript transcript = new Transcript();
    try (RecordingReader reader = RecordingReader.open(file)) {
      assertThatThrownBy(() -> reader.read(transcript, 100)).isInstanceOf(RecordingException.class);
      assertThat(reader.next(transcript)).isFalse();
    }
    assertThat(transcript.lines).isEqualTo(lines.subList(0, new int[] {0, 3, 7, 11}[block]));
  }

  private void assertSalvaged(Path file, int block) throws IOException {
    try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.SALVAGE)) {
      Transcript transcript = Transcript.of(reader);
      assertThat(transcript.causes).hasSize(1);
      assertThat(transcript.causes.get(0).block()).isEqualTo(block);
      if (block < 3) {
        assertThat(transcript.unknown).isEqualTo(new int[] {2, 2, 1}[block]);
        assertThat(transcript.events + transcript.unknown).isEqualTo(5);
      }
      assertThat(reader.summary().events()).isEqualTo(block < 3 ? transcript.events : 5);
    }
  }

  private int blockAt(int offset) {
    int block = -1;
    while (block + 1 < starts.size() && starts.get(block + 1) <= offset) {
      block++;
    }
    return block;
  }

  @Test
  void shouldTellATaskAgainWhoseStartWasSkipped() throws IOException {
    byte[] flipped = whole.clone();
    flipped[starts.get(0) + 45] ^= 1;
    try (RecordingReader reader = RecordingReader.open(file(flipped), DamagePolicy.SALVAGE)) {
      Transcript transcript = Transcript.of(reader);
      assertThat(transcript.lines.get(0)).isEqualTo("skipped 2");
      assertThat(transcript.lines.get(1))
          .startsWith("started 0 TaskStart[task=TaskKey[threadId=7")
          .contains("tag=13107", "timestampNs=5000000100", "origin=RESUMED");
      assertThat(transcript.lines.subList(2, 10)).isEqualTo(lines.subList(3, 11));
    }
  }

  @Test
  void shouldNeverFailOtherwiseWhateverAByteIs() throws IOException {
    for (int at = 0; at < whole.length; at++) {
      for (int value : new int[] {0, 0x7f, 0x80, 0xff}) {
        byte[] changed = whole.clone();
        changed[at] = (byte) value;
        for (DamagePolicy policy : DamagePolicy.values()) {
          try (RecordingReader reader = RecordingReader.open(file(changed), policy)) {
            assertThat(Transcript.of(reader).events).isLessThanOrEqualTo(5);
          } catch (RecordingException e) {
            assertThat(e).hasMessageContaining("at offset");
          }
        }
      }
    }
  }

  @Test
  void shouldNeverFailOtherwiseOnAHostileFile() throws IOException {
    byte[] stored = Recordings.bytes(new RecordingOptions(0, 100, 0), Recordings::small);
    int first = 20 + ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN).getInt(12) + 4;
    for (int at = first; at < stored.length; at++) {
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff, stored[at] + 1, stored[at] - 1}) {
        byte[] changed = stored.clone();
        changed[at] = (byte) value;
        Hostile.sealAgain(changed);
        try (RecordingReader reader = RecordingReader.open(file(changed))) {
          assertThat(Transcript.of(reader).lines).hasSizeLessThan(40);
        } catch (RecordingException e) {
          assertThat(e).hasMessageContaining("at offset");
        }
      }
    }
  }

  @Test
  void shouldNoticeABlockThatWasCutOutOrPastedIn() throws IOException {
    byte[] without = new byte[whole.length - (starts.get(2) - starts.get(1))];
    System.arraycopy(whole, 0, without, 0, starts.get(1));
    System.arraycopy(whole, starts.get(2), without, starts.get(1), whole.length - starts.get(2));
    assertThatThrownBy(() -> RecordingReader.open(file(without), DamagePolicy.STRICT))
        .hasMessageContaining("block index is 2 after 4 events, expected is 1 after 2");
    try (RecordingReader reader = RecordingReader.open(file(without), DamagePolicy.SALVAGE)) {
      assertThat(Transcript.of(reader).unknown).isEqualTo(2);
    }
  }

  @Test
  void shouldNoticeBytesBehindTheEnd() throws IOException {
    Path file = file(Arrays.copyOf(whole, whole.length + 3));
    assertThatThrownBy(() -> RecordingReader.open(file, DamagePolicy.STRICT))
        .hasMessageContaining("3 bytes follow the end block");
  }

  @Test
  void shouldNameTheVersionThatItDoesNotKnow() throws IOException {
    byte[] newer = whole.clone();
    newer[8] = 2;
    assertThatThrownBy(() -> RecordingReader.open(file(newer)))
        .hasMessageContaining("format version is 2.0, this reader knows 1.0");
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("damaged.rec"), bytes);
  }
}
