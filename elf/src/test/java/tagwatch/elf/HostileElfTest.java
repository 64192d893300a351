// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that lie about themselves: an answer or an error, little memory, and never a broken file.
 */
class HostileElfTest {
  private static final long MOST_BYTES_ALLOCATED = 1 << 20;

  @TempDir Path folder;

  private byte[] image(int bits, boolean big) {
    return new ElfImage(bits, big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
        .section(".text", 1, 0xc3, 0x90, 0x90, 0x90)
        .section(".exein", 1, 0x33, 0x33)
        .section(".note", 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        .bytes();
  }

  @ParameterizedTest
  @CsvSource({"32,true", "32,false", "64,true", "64,false"})
  void shouldAnswerCorrectlyOrRefuseEveryTruncation(int bits, boolean big) throws IOException {
    byte[] whole = image(bits, big);
    Path file = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (ElfFile elf = ElfFile.open(file)) {
        assertThat(elf.tag()).as("cut at %d", length).hasValue(13107);
      } catch (ElfFormatException e) {
        assertThat(e).hasMessageStartingWith(file + ": ").hasMessageContaining(", allowed: ");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"32,true", "32,false", "64,true", "64,false"})
  void shouldAnswerOrRefuseWhateverAByteIs(int bits, boolean big) throws IOException {
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] image = image(bits, big);
    Path file = folder.resolve("flipped");
    int answers = 0;
    int refusals = 0;
    for (int at = 0; at < image.length; at++) {
      byte original = image[at];
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff, original ^ 1, original ^ 0x10}) {
        image[at] = (byte) value;
        Files.write(file, image);
        long before = memory.getCurrentThreadAllocatedBytes();
        try (ElfFile elf = ElfFile.open(file)) {
          elf.tag();
          elf.buildId();
          answers++;
        } catch (ElfFormatException e) {
          refusals++;
        }
        assertThat(memory.getCurrentThreadAllocatedBytes() - before)
            .as("byte %d = %d", at, value)
            .isLessThan(MOST_BYTES_ALLOCATED);
      }
      image[at] = original;
    }
    assertThat(answers).isPositive();
    assertThat(refusals).isPositive();
  }

  @Test
  void shouldNotReadTheSameNotesForEverySection() throws IOException {
    int sections = 50_000;
    ElfImage image = new ElfImage(64, ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < sections; i++) {
      image.section(".n", 7);
    }
    byte[] content = image.bytes();
    content[64 + 56 + 8] = 4; // the note of the segment is no build id
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int table = content.length - (sections + 2) * 64;
    for (int i = 1; i <= sections; i++) {
      buffer.putLong(table + i * 64 + 24, 0x1000).putLong(table + i * 64 + 32, 0x8000);
    }
    Path file = Files.write(folder.resolve("notes"), content);
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    try (ElfFile elf = ElfFile.open(file)) {
      assertThat(elf.buildId()).isEmpty();
    }
    assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(64L << 20);
  }

  @ParameterizedTest
  @CsvSource({"32,true", "64,false"})
  void shouldWriteCorrectlyOrLeaveTheFileAlone(int bits, boolean big) throws IOException {
    byte[] image = image(bits, big);
    Path file = folder.resolve("flipped");
    int written = 0;
    for (int at = 0; at < image.length; at++) {
      byte original = image[at];
      image[at] ^= (byte) 0xff;
      Files.write(file, image);
      OptionalInt tag = OptionalInt.empty();
      try {
        ElfTagWriter.set(file, 0x0102);
        try (ElfFile elf = ElfFile.open(file)) {
          tag = elf.tag();
        }
        assertThat(tag).as("byte %d", at).hasValue(0x0102);
        written++;
      } catch (ElfFormatException e) {
        assertThat(Files.readAllBytes(file)).as("byte %d: %s", at, e).isEqualTo(image);
      }
      image[at] = original;
    }
    assertThat(written).isPositive();
    try (var left = Files.list(folder)) {
      assertThat(left).as("no temporary file stays").containsExactly(file);
    }
  }
}
