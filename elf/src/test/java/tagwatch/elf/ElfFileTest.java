// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElfFileTest {
  private static final int PROGBITS = 1;
  private static final int NOBITS = 8;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"32,true", "32,false", "64,true", "64,false"})
  void shouldReadTheTagInTheByteOrderOfTheFile(int bits, boolean big) throws IOException {
    ByteOrder order = big ? BIG_ENDIAN : LITTLE_ENDIAN;
    ElfImage image = new ElfImage(bits, order).section(".text", PROGBITS, 0xc3);
    Path file = file(image.section(".exein", PROGBITS, 0x12, 0x34).bytes());
    try (ElfFile elf = ElfFile.open(file)) {
      assertThat(elf.tag()).hasValue(big ? 0x1234 : 0x3412);
      assertThat(elf.buildId()).isEqualTo("ab0102ff");
      assertThat(elf.bits()).isEqualTo(bits);
      assertThat(elf.byteOrder()).isEqualTo(order);
      assertThat(elf.machineName()).isEqualTo(bits == 64 ? "x86_64" : "mips");
    }
  }

  @Test
  void shouldReadTheWholeRangeOfTags() throws IOException {
    assertThat(tag(image().section(".exein", PROGBITS, 0, 0))).hasValue(0);
    assertThat(tag(image().section(".exein", PROGBITS, 0xff, 0xff))).hasValue(65535);
    assertThat(tag(image().section(".exein", PROGBITS, 0x33, 0x33))).hasValue(13107);
  }

  @Test
  void shouldFindNoTagWhereThereIsNone() throws IOException {
    assertThat(tag(image().section(".text", PROGBITS, 0xc3))).isEmpty();
    assertThat(tag(image().section(".exein.old", PROGBITS, 1, 2))).isEmpty();
    assertThat(tag(image().section("a.exein", PROGBITS, 1, 2))).isEmpty();
    assertThat(tag(image().withoutSectionHeaders())).isEmpty();
  }

  @Test
  void shouldReadExtendedSectionNumbering() throws IOException {
    ElfImage image = image().section(".exein", PROGBITS, 0x33, 0x33);
    assertThat(tag(image.extendedNumbering())).hasValue(13107);
  }

  @Test
  void shouldReadFilesWithMoreSectionsThanTheHeaderCanCount() throws IOException {
    ElfImage image = image();
    for (int i = 0; i < 70_000; i++) {
      image.section(".text.f" + i, PROGBITS);
    }
    image.section(".exein", PROGBITS, 0x33, 0x33).extendedNumbering();
    assertThat(tag(image)).hasValue(13107);
  }

  @Test
  void shouldNameTheSectionAndItsSizeWhenTheSizeIsWrong() throws IOException {
    Path file = file(image().section(".exein", PROGBITS, 1, 2, 3).bytes());
    assertThatThrownBy(() -> tag(file))
        .isInstanceOf(ElfFormatException.class)
        .hasMessage(file + ": .exein is 3 bytes long, allowed: 2 bytes; set the tag again");
    Path empty = file(image().section(".exein", PROGBITS).bytes());
    assertThatThrownBy(() -> tag(empty)).hasMessageContaining(".exein is 0 bytes long");
  }

  @Test
  void shouldRefuseTwoTagsAndTagsWithoutContent() throws IOException {
    ElfImage image = image().section(".exein", PROGBITS, 1, 2);
    Path file = file(image.section(".exein", PROGBITS, 3, 4).bytes());
    assertThatThrownBy(() -> tag(file))
        .hasMessage(file + ": .exein is there 2 times, allowed: one; remove the tag, then set it");
    Path hollow = file(image().section(".exein", NOBITS, 1, 2).bytes());
    assertThatThrownBy(() -> tag(hollow)).hasMessageContaining("NOBITS");
  }

  @Test
  void shouldRefuseWhatIsNotElf() throws IOException {
    Path empty = file();
    assertThatThrownBy(() -> ElfFile.open(empty))
        .isInstanceOf(ElfFormatException.class)
        .hasMessage(
            empty + ": the file is 0 bytes long, allowed: an ELF file of at least 52 bytes");
    Path script = folder.resolve("script");
    Files.writeString(script, "#!/bin/sh\necho no tag here\n");
    assertThatThrownBy(() -> ElfFile.open(script))
        .isInstanceOf(ElfFormatException.class)
        .hasMessageContaining("magic is 0x23212f62, allowed: 0x7f454c46");
  }

  @Test
  @Timeout(5)
  void shouldNotWaitForPipesNorReadDevices() {
    Tools.require("mkfifo");
    Path pipe = folder.resolve("pipe");
    Tools.run("mkfifo", pipe);
    for (Path path : new Path[] {pipe, folder, Path.of("/dev/zero")}) {
      assertThatThrownBy(() -> ElfFile.open(path))
          .isInstanceOf(ElfFormatException.class)
          .hasMessage(path + ": the file type is not regular, allowed: a regular file");
    }
  }

  @Test
  void shouldNotBelieveHugeCountsAndOffsets() throws IOException {
    byte[] image = image().section(".exein", PROGBITS, 1, 2).extendedNumbering().bytes();
    int table = image.length - 3 * 64;
    for (int at = table + 32; at < table + 40; at++) {
      image[at] = (byte) 0xff; // sh_size of section 0: 2^64-1 sections
    }
    Path file = file(image);
    assertThatThrownBy(() -> tag(file))
        .hasMessageContaining("is 18446744073709551615, allowed: 0 to 1048576");
    byte[] far = image().section(".exein", PROGBITS, 1, 2).bytes();
    far[0x28 + 6] = 1; // e_shoff beyond the end of the file
    Path other = file(far);
    assertThatThrownBy(() -> tag(other)).hasMessageContaining("inside the file's");
  }

  @Test
  void shouldReadTheExecutableOfARunningProcessEvenIfDeleted() throws Exception {
    Tools.require("sleep");
    Path copy = folder.resolve("sleeper");
    Files.copy(Path.of("/bin/sleep").toRealPath(), copy);
    copy.toFile().setExecutable(true);
    ElfTagWriter.set(copy, 13107);
    Process process = new ProcessBuilder(copy.toString(), "60").start();
    try {
      Path exe = Path.of("/proc/" + process.pid() + "/exe");
      assertThat(tag(exe)).hasValue(13107);
      Files.delete(copy);
      assertThat(tag(exe)).hasValue(13107);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void shouldReadTheBuildIdThatReadelfReads() throws IOException {
    Tools.require("readelf");
    int compared = 0;
    for (String name : new String[] {"/bin/true", "/bin/busybox", "/bin/sh", "/bin/ls"}) {
      Path path = Path.of(name);
      if (Files.exists(path)) {
        var matcher = Pattern.compile("Build ID: (\\w+)").matcher(Tools.run("readelf", "-n", path));
        try (ElfFile elf = ElfFile.open(path)) {
          assertThat(elf.buildId()).as(name).isEqualTo(matcher.find() ? matcher.group(1) : "");
        }
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  private static ElfImage image() {
    return new ElfImage(64, LITTLE_ENDIAN);
  }

  private OptionalInt tag(ElfImage image) throws IOException {
    return tag(file(image.bytes()));
  }

  private static OptionalInt tag(Path file) throws IOException {
    try (ElfFile elf = ElfFile.open(file)) {
      return elf.tag();
    }
  }

  private Path file(byte... content) throws IOException {
    return Files.write(Files.createTempFile(folder, "image", ".elf"), content);
  }
}
