// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tagwatch.elf.ElfFile;
import tagwatch.elf.ElfTagWriter;
import tagwatch.elf.Replacement;

/** {@code tag}: the section by which the kernel part knows what to watch. */
@Command(
    name = "tag",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Show, set or remove the tag of executables (section .exein).",
    subcommands = {TagCommand.Show.class, TagCommand.Set.class, TagCommand.Remove.class},
    synopsisSubcommandLabel = "(show | set | remove)",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tagwatch tag set 13107 /usr/local/bin/server",
      "  ./tagwatch tag show --json /usr/local/bin/*",
      "  ./tagwatch tag remove /usr/local/bin/server"
    })
final class TagCommand {
  private TagCommand() {}

  /**
   * One file, as {@code --json} shows it; what does not apply is absent.
   *
   * @param file the path as given
   * @param tag 0–65535; absent if there is none
   * @param bits 32 or 64
   * @param byteOrder {@code little} or {@code big}
   * @param machine e.g. {@code x86_64}
   * @param buildId empty if there is none
   * @param remarks what the user should know about a change
   * @param error why nothing was done
   */
  record Answer(
      String file,
      Integer tag,
      Integer bits,
      String byteOrder,
      String machine,
      String buildId,
      List<String> remarks,
      String error) {

    static Answer of(Path file, List<String> remarks) throws IOException {
      try (ElfFile elf = ElfFile.open(file)) {
        OptionalInt tag = elf.tag();
        return new Answer(
            file.toString(),
            tag.isPresent() ? tag.getAsInt() : null,
            elf.bits(),
            elf.byteOrder() == ByteOrder.BIG_ENDIAN ? "big" : "little",
            elf.machineName(),
            elf.buildId(),
            remarks,
            null);
      }
    }

    static Answer failed(Path file, Exception cause) {
      return new Answer(
          file.toString(), null, null, null, null, null, List.of(), Failure.sentence(cause));
    }

    String line() {
      return file
          + ": "
          + (tag == null ? "no tag" : "tag " + tag)
          + " ("
          + bits
          + " bit, "
          + byteOrder
          + "-endian, "
          + machine
          + ")";
    }
  }

  /** Does the same with each file; one that fails does not keep the others from being done. */
  abstract static class EachFile implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin JsonOption json;

    abstract List<Path> files();

    abstract Answer answer(Path file) throws IOException;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      List<Answer> answers = new ArrayList<>();
      for (Path file : files()) {
        Answer answer = attempt(file);
        answers.add(answer);
        if (answer.error() != null) {
          err.println("tagwatch: " + answer.error());
        } else if (!json.wanted()) {
          out.println(answer.line());
        }
        answer.remarks().forEach(remark -> err.println("tagwatch: " + remark));
      }
      if (json.wanted()) {
        json.print(out, answers);
      }
      out.flush();
      err.flush();
      return answers.stream().allMatch(a -> a.error() == null) ? ExitCode.OK : ExitCode.FAILED;
    }

    private Answer attempt(Path file) {
      try {
        return answer(file);
      } catch (IOException e) {
        return Answer.failed(file, e);
      }
    }
  }

  /** {@code tag show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Show the tag of executables.")
  static final class Show extends EachFile {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "ELF executables.")
    List<Path> files;

    @Override
    List<Path> files() {
      return files;
    }

    @Override
    Answer answer(Path file) throws IOException {
      return Answer.of(file, List.of());
    }
  }

  /** {@code tag set}. */
  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = {
        "Give executables a tag, in place of the one they may have.",
        "Each file is replaced in one step; a program that runs keeps its old file."
      })
  static final class Set extends EachFile {
    @Parameters(
        index = "0",
        paramLabel = "TAG",
        converter = Tag.class,
        description = "0 to 65535, or 0x0 to 0xffff.")
    int tag;

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "FILE",
        description = "ELF executables.")
    List<Path> files;

    @Override
    List<Path> files() {
      return files;
    }

    @Override
    Answer answer(Path file) throws IOException {
      return Answer.of(file, remarks(ElfTagWriter.set(file, tag)));
    }

    private static List<String> remarks(Replacement done) {
      List<String> remarks = new ArrayList<>();
      if (done.otherLinks() > 0) {
        remarks.add(
            done.file()
                + ": "
                + done.otherLinks()
                + " other hard links still lead to the file without this tag");
      }
      if (!done.attributesKept()) {
        remarks.add(done.file() + ": file capabilities were not kept; set them again with setcap");
      }
      return remarks;
    }
  }

  /** {@code tag remove}. */
  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      description = "Take the tag from executables; one without a tag stays as it is.")
  static final class Remove extends EachFile {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "ELF executables.")
    List<Path> files;

    @Override
    List<Path> files() {
      return files;
    }

    @Override
    Answer answer(Path file) throws IOException {
      ElfTagWriter.remove(file);
      return Answer.of(file, List.of());
    }
  }
}
