// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElfTagWriterTest {
  private static final int TAG = 0x1234;

  @TempDir Path folder;

  @Nested
  class RealPrograms {
    @ParameterizedTest
    @ValueSource(strings = {"", "-static", "-m32", "-m32 -static", "-s"})
    void shouldStillRunAndShowTheTagToOtherTools(String options) throws IOException {
      Path program =
          Tools.program(folder, "gcc", options.isEmpty() ? new String[0] : options.split(" "));
      byte[] before = Files.readAllBytes(program);
      ElfTagWriter.set(program, TAG);
      assertThat(Tools.run(program)).isEqualTo("tagged\n");
      assertThat(tag(program)).hasValue(TAG);
      assertThat(Tools.dump("objcopy", program)).containsExactly(0x34, 0x12);
      if (!options.contains("-static")) { // it refuses glibc's .rela.plt, with or without a tag
        assertThat(Tools.dump("llvm-objcopy", program)).containsExactly(0x34, 0x12);
      }
      assertThat(Tools.run("readelf", "-SW", program))
          .containsPattern("\\.exein +PROGBITS +0+ [0-9a-f]{6} 000002 00 +0 +0 +1\n")
          .doesNotContain("arning")
          .doesNotContain("rror");
      assertOnlyTheHeaderChanged(before, Files.readAllBytes(program));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "busybox", "ls"})
    void shouldTagProgramsOfTheDistribution(String name) throws IOException {
      Path program = folder.resolve(name);
      Tools.require(name);
      Files.copy(Path.of("/bin", name).toRealPath(), program);
      String[] arguments = name.equals("busybox") ? new String[] {"true"} : new String[] {"/"};
      Object[] command = {program, arguments[0]};
      program.toFile().setExecutable(true);
      String output = Tools.run(command);
      ElfTagWriter.set(program, 13107);
      assertThat(Tools.run(command)).isEqualTo(output);
      assertThat(Tools.dump("objcopy", program)).containsExactly(0x33, 0x33);
    }

    @ParameterizedTest
    @ValueSource(strings = {"objcopy", "llvm-objcopy"})
    void shouldReadWhatOthersWroteAndChangeItInPlace(String objcopy) throws IOException {
      Tools.require(objcopy);
      Path program = Tools.program(folder, "gcc");
      Path content = Files.write(folder.resolve("tag.bin"), new byte[] {0x33, 0x33});
      Tools.run(
          objcopy,
          "--add-section",
          ".exein=" + content,
          "--set-section-flags",
          ".exein=noload,readonly",
          program);
      assertThat(tag(program)).hasValue(13107);
      byte[] before = Files.readAllBytes(program);
      ElfTagWriter.set(program, 7);
      byte[] after = Files.readAllBytes(program);
      assertThat(tag(program)).hasValue(7);
      assertThat(after).hasSameSizeAs(before);
      assertThat(differences(before, after)).isEqualTo(2);
      assertThat(Tools.dump(objcopy, program)).containsExactly(7, 0);
      assertThat(Tools.run(program)).isEqualTo("tagged\n");
    }

    @ParameterizedTest
    @CsvSource({"mips-linux-gnu,32", "mips64-linux-gnuabi64,64", "powerpc64-linux-gnu,64"})
    void shouldWriteBigEndianTagsForBigEndianTargets(String target, int bits) throws IOException {
      Path object = Tools.program(folder, "clang", "--target=" + target, "-c", "-ffreestanding");
      ElfTagWriter.set(object, TAG);
      assertThat(Tools.dump("llvm-objcopy", object)).containsExactly(0x12, 0x34);
      try (ElfFile elf = ElfFile.open(object)) {
        assertThat(elf.bits()).isEqualTo(bits);
        assertThat(elf.byteOrder()).isEqualTo(BIG_ENDIAN);
        assertThat(elf.tag()).hasValue(TAG);
      }
    }

    @Test
    void shouldSurviveStripAndRemoval() throws IOException {
      Tools.require("strip", "objcopy");
      Path program = Tools.program(folder, "gcc");
      ElfTagWriter.set(program, TAG);
      Tools.run("strip", program);
      assertThat(tag(program)).hasValue(TAG);
      assertThat(ElfTagWriter.remove(program)).isTrue();
      assertThat(tag(program)).isEmpty();
      assertThat(Tools.run("readelf", "-SW", program)).doesNotContain("exein", "arning");
      Tools.run("objcopy", program, folder.resolve("copied"));
      assertThat(Tools.run(folder.resolve("copied"))).isEqualTo("tagged\n");
      assertThat(ElfTagWriter.remove(program)).isFalse();
      ElfTagWriter.set(program, 5);
      assertThat(tag(program)).hasValue(5);
      assertThat(Tools.run(program)).isEqualTo("tagged\n");
    }

    @Test
    void shouldCreateASectionTableWhereThereIsNone() throws IOException {
      Path program = Tools.program(folder, "gcc");
      byte[] content = Files.readAllBytes(program);
      Arrays.fill(content, 0x28, 0x30, (byte) 0); // e_shoff
      Arrays.fill(content, 0x3a, 0x40, (byte) 0); // e_shentsize, e_shnum, e_shstrndx
      Files.write(program, content);
      assertThat(tag(program)).isEmpty();
      ElfTagWriter.set(program, TAG);
      assertThat(tag(program)).hasValue(TAG);
      assertThat(Tools.run(program)).isEqualTo("tagged\n");
      assertThat(Tools.run("readelf", "-SW", program))
          .contains("There are 3 section headers", ".exein", ".shstrtab")
          .doesNotContain("arning");
      assertThat(Tools.dump("llvm-objcopy", program)).containsExactly(0x34, 0x12);
    }

    @Test
    void shouldReplaceAProgramThatRuns() throws Exception {
      Tools.require("sleep");
      Path program = folder.resolve("sleeper");
      Files.copy(Path.of("/bin/sleep").toRealPath(), program);
      program.toFile().setExecutable(true);
      Process process = new ProcessBuilder(program.toString(), "60").start();
      try {
        ElfTagWriter.set(program, TAG);
        assertThat(tag(program)).hasValue(TAG);
        assertThat(tag(Path.of("/proc/" + process.pid() + "/exe"))).isEmpty();
        assertThat(process.isAlive()).isTrue();
      } finally {
        process.destroyForcibly();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Nested
  class Images {
    @ParameterizedTest
    @CsvSource({"32,true", "32,false", "64,true", "64,false"})
    void shouldSetChangeAndRemove(int bits, boolean big) throws IOException {
      ElfImage image = new ElfImage(bits, big ? BIG_ENDIAN : LITTLE_ENDIAN);
      Path file = file(image.section(".text", 1, 0xc3));
      for (int tag : new int[] {0, 1, 0x1234, 65535}) {
        ElfTagWriter.set(file, tag);
        assertThat(tag(file)).hasValue(tag);
      }
      assertThat(ElfTagWriter.remove(file)).isTrue();
      assertThat(tag(file)).isEmpty();
      assertThat(ElfTagWriter.remove(file)).isFalse();
    }

    @Test
    void shouldGoOverToExtendedNumberingWhenTheCountNoLongerFits() throws IOException {
      Tools.require("readelf");
      ElfImage image = new ElfImage(64, LITTLE_ENDIAN);
      for (int i = 0; i < 0xff00 - 3; i++) {
        image.section(".s", 1);
      }
      Path file = file(image); // 0xfeff sections: the last count that e_shnum can hold
      ElfTagWriter.set(file, TAG);
      assertThat(tag(file)).hasValue(TAG);
      assertThat(ByteBuffer.wrap(Files.readAllBytes(file)).getShort(60)).isZero();
      assertThat(Tools.run("readelf", "-SW", file)).contains(".exein").doesNotContain("arning");
    }

    @Test
    void shouldRepairASectionOfTheWrongSize() throws IOException {
      Path file = file(new ElfImage(32, BIG_ENDIAN).section(".exein", 1, 1, 2, 3));
      ElfTagWriter.set(file, TAG);
      assertThat(tag(file)).hasValue(TAG);
    }

    @Test
    void shouldRefuseToChooseAmongSeveralTagsButRemoveThemAll() throws IOException {
      ElfImage image = new ElfImage(64, LITTLE_ENDIAN).section(".exein", 1, 1, 2);
      Path file = file(image.section(".exein", 1, 3, 4));
      byte[] before = Files.readAllBytes(file);
      assertThatThrownBy(() -> ElfTagWriter.set(file, TAG)).hasMessageContaining("there 2 times");
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
      assertThat(ElfTagWriter.remove(file)).isTrue();
      ElfTagWriter.set(file, TAG);
      assertThat(tag(file)).hasValue(TAG);
    }

    @Test
    void shouldNotWriteTheTagIntoCodeThatLiesUnderIt() throws IOException {
      ElfImage image = new ElfImage(64, LITTLE_ENDIAN).section(".text", 1, 0xc3, 0x90);
      byte[] content = image.section(".exein", 1, 1, 2).bytes();
      int table = content.length - 4 * 64;
      long textAt = ByteBuffer.wrap(content).order(LITTLE_ENDIAN).getLong(table + 64 + 24);
      ByteBuffer.wrap(content).order(LITTLE_ENDIAN).putLong(table + 128 + 24, textAt);
      Path file = Files.write(folder.resolve("overlapping"), content);
      ElfTagWriter.set(file, TAG);
      assertThat(tag(file)).hasValue(TAG);
      byte[] after = Files.readAllBytes(file);
      assertThat(Arrays.copyOfRange(after, (int) textAt, (int) textAt + 2))
          .containsExactly(0xc3, 0x90);
    }

    @Test
    void shouldRefuseTagsThatDoNotFitAndFilesThatAreNotElf() throws IOException {
      Path file = file(new ElfImage(64, LITTLE_ENDIAN));
      assertThatThrownBy(() -> ElfTagWriter.set(file, 65536))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("tag out of range 0..65535: 65536");
      assertThatThrownBy(() -> ElfTagWriter.set(file, -1)).hasMessageContaining(": -1");
      Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n# not an ELF file\n");
      assertThatThrownBy(() -> ElfTagWriter.set(script, 1))
          .isInstanceOf(ElfFormatException.class)
          .hasMessageStartingWith(script + ": magic");
      assertThat(script).hasContent("#!/bin/sh\n# not an ELF file\n");
    }
  }

  @Nested
  class TheFileAround {
    @Test
    void shouldKeepModeTimesAndExtendedAttributes() throws IOException {
      Path file = file(new ElfImage(64, LITTLE_ENDIAN));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
      Files.setAttribute(file, "unix:mode", 0104751);
      view(file).write("origin", StandardCharsets.UTF_8.encode("factory"));
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_600_000_000_000L));
      assertThat(ElfTagWriter.set(file, TAG).attributesKept()).isTrue();
      assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0104751);
      assertThat(Files.getLastModifiedTime(file))
          .isEqualTo(FileTime.fromMillis(1_600_000_000_000L));
      assertThat(view(file).list()).contains("origin");
    }

    @Test
    void shouldKeepOwnerAndFileCapabilities() throws IOException {
      Tools.requireThat("root".equals(System.getProperty("user.name")), "not root");
      Tools.require("python3");
      Path file = file(new ElfImage(64, LITTLE_ENDIAN));
      Files.setAttribute(file, "unix:uid", 12345);
      Files.setAttribute(file, "unix:gid", 54321);
      String capability = "bytes.fromhex('0100000200200000000000000000000000000000')";
      python("os.setxattr(f,'security.capability'," + capability + ")", file);
      ElfTagWriter.set(file, TAG);
      python("assert os.getxattr(f,'security.capability')==" + capability, file);
      assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(12345);
      assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(54321);
    }

    @Test
    void shouldFollowSymbolicLinksAndSayWhichFileChanged() throws IOException {
      Path file = file(new ElfImage(64, LITTLE_ENDIAN));
      Path link = Files.createSymbolicLink(folder.resolve("link"), file);
      assertThat(ElfTagWriter.set(link, TAG).file()).isEqualTo(file.toRealPath());
      assertThat(link).isSymbolicLink();
      assertThat(tag(file)).hasValue(TAG);
    }

    @Test
    void shouldSayHowManyHardLinksKeepTheOldContent() throws IOException {
      Path file = file(new ElfImage(64, LITTLE_ENDIAN));
      Path other = Files.createLink(folder.resolve("other"), file);
      assertThat(ElfTagWriter.set(file, TAG).otherLinks()).isEqualTo(1);
      assertThat(tag(other)).isEmpty();
      assertThat(ElfTagWriter.set(file, TAG).otherLinks()).isZero();
    }

    private void python(String statement, Path file) {
      Tools.run("python3", "-c", "import os,sys\nf=sys.argv[1]\n" + statement, file);
    }

    private UserDefinedFileAttributeView view(Path file) {
      return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    }
  }

  private static void assertOnlyTheHeaderChanged(byte[] before, byte[] after) {
    int header = before[4] == 2 ? 64 : 52;
    assertThat(Arrays.copyOfRange(after, header, before.length))
        .isEqualTo(Arrays.copyOfRange(before, header, before.length));
    assertThat(after.length - before.length).isBetween(1, 8192);
    byte[] oldHeader = Arrays.copyOf(before, header);
    byte[] newHeader = Arrays.copyOf(after, header);
    int shoff = header == 64 ? 40 : 32;
    int shnum = header == 64 ? 60 : 48;
    Arrays.fill(oldHeader, shoff, shoff + 8, (byte) 0);
    Arrays.fill(newHeader, shoff, shoff + 8, (byte) 0);
    Arrays.fill(oldHeader, shnum, shnum + 2, (byte) 0);
    Arrays.fill(newHeader, shnum, shnum + 2, (byte) 0);
    assertThat(newHeader).isEqualTo(oldHeader);
  }

  private static int differences(byte[] before, byte[] after) {
    int count = 0;
    for (int i = 0; i < before.length; i++) {
      count += before[i] == after[i] ? 0 : 1;
    }
    return count;
  }

  private static OptionalInt tag(Path file) throws IOException {
    try (ElfFile elf = ElfFile.open(file)) {
      return elf.tag();
    }
  }

  private Path file(ElfImage image) throws IOException {
    return Files.write(Files.createTempFile(folder, "image", ".elf"), image.bytes());
  }
}
